import { commandNames, type Command } from "../tools/commands";

/** "Ctrl+Shift+z": modifiers in this order, then `KeyboardEvent.key`, letters in lower case. Ctrl stands for Cmd too. */
export type Chord = string;

const defaults: Partial<Record<Command, readonly Chord[]>> = {
  "tool.select": ["v"], "tool.box": ["b"], "tool.rotatedBox": ["o"], "tool.extreme": ["x"], "tool.polygon": ["p"], "tool.polyline": ["l"],
  "tool.point": ["t"], "tool.brush": ["m"], "tool.eraser": ["e"], "tool.pin": ["c"],
  undo: ["Ctrl+z"], redo: ["Ctrl+y", "Ctrl+Shift+z"], remove: ["Delete", "Backspace"],
  "nudge.left": ["ArrowLeft"], "nudge.right": ["ArrowRight"], "nudge.up": ["ArrowUp"], "nudge.down": ["ArrowDown"],
  "nudge.left.far": ["Shift+ArrowLeft"], "nudge.right.far": ["Shift+ArrowRight"], "nudge.up.far": ["Shift+ArrowUp"], "nudge.down.far": ["Shift+ArrowDown"],
  "resize.narrower": ["Alt+ArrowLeft"], "resize.wider": ["Alt+ArrowRight"], "resize.lower": ["Alt+ArrowUp"], "resize.taller": ["Alt+ArrowDown"],
  "resize.narrower.far": ["Alt+Shift+ArrowLeft"], "resize.wider.far": ["Alt+Shift+ArrowRight"], "resize.lower.far": ["Alt+Shift+ArrowUp"], "resize.taller.far": ["Alt+Shift+ArrowDown"],
  "rotate.left": [","], "rotate.right": ["."],
  copy: ["Ctrl+c"], paste: ["Ctrl+v"], duplicate: ["Ctrl+d"], repeat: ["d"],
  "select.next": ["Tab"], "select.previous": ["Shift+Tab"], "select.all": ["Ctrl+a"],
  lock: ["j"], hide: ["h"], front: ["Ctrl+]"], cancel: ["Escape"], confirm: ["Enter"],
  submit: ["s", "Ctrl+Enter"], skip: ["k"], noDefect: ["n"], "review.accept": ["a"], "review.fix": ["f"], "review.reject": ["r"],
  "view.fit": ["w"], "view.actual": ["q"], "view.in": ["+", "="], "view.out": ["-"], "view.filters": ["g"], "view.invert": ["i"], "view.localContrast": ["u"],
  "view.resetFilters": ["Shift+g"], "view.hideAll": ["Shift+h"], "view.labels": ["Shift+l"], "view.proposals": ["Shift+p"], "view.compare": ["y"],
  "brush.smaller": ["["], "brush.larger": ["]"], guidelines: ["F1"], help: ["?"], find: ["/"],
  "class.1": ["1"], "class.2": ["2"], "class.3": ["3"], "class.4": ["4"], "class.5": ["5"], "class.6": ["6"], "class.7": ["7"], "class.8": ["8"], "class.9": ["9"], "class.0": ["0"],
};

type KeyLike = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** The printed character decides, not the key's place, so that "?" is "?" on every layout; the digit row also works shifted (French). */
export function chordOf(event: KeyLike): Chord {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const key = digit && !event.ctrlKey && !event.metaKey && !event.altKey ? digit : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isSymbol = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  return [event.ctrlKey || event.metaKey ? "Ctrl" : "", event.altKey ? "Alt" : "", event.shiftKey && !isSymbol ? "Shift" : "", key].filter(Boolean).join("+");
}

export const showChord = (chord: Chord): string =>
  chord.replace("ArrowLeft", "←").replace("ArrowRight", "→").replace("ArrowUp", "↑").replace("ArrowDown", "↓").replace("Delete", "Del").replace("Escape", "Esc")
    .replace(/(^|\+)([a-z])$/, (_, plus: string, letter: string) => plus + letter.toUpperCase());

const storageKey = "perenne-annotator-keys";

/** Chord to command, with the person's own choices over the defaults. */
export class Bindings {
  #chords = new Map<Command, readonly Chord[]>();
  #commands = new Map<Chord, Command>();
  readonly #storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null;

  constructor(storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null) {
    this.#storage = storage;
    this.#fill(this.#stored());
  }

  command(chord: Chord): Command | null { return this.#commands.get(chord) ?? null; }
  chords(command: Command): readonly Chord[] { return this.#chords.get(command) ?? []; }

  /** Returns the command that lost the chord, if any. */
  rebind(command: Command, chord: Chord): Command | null {
    const loser = this.#commands.get(chord) ?? null;
    const own = { ...this.#stored() };
    if (loser && loser !== command) own[loser] = this.chords(loser).filter((one) => one !== chord);
    own[command] = [chord];
    this.#storage?.setItem(storageKey, JSON.stringify(own));
    this.#fill(own);
    return loser === command ? null : loser;
  }

  reset(): void {
    this.#storage?.removeItem(storageKey);
    this.#fill({});
  }

  #fill(own: Partial<Record<Command, readonly Chord[]>>): void {
    this.#chords.clear();
    this.#commands.clear();
    for (const command of commandNames) {
      const chords = own[command] ?? defaults[command] ?? [];
      this.#chords.set(command, chords);
      for (const chord of chords) this.#commands.set(chord, command);
    }
  }

  #stored(): Partial<Record<Command, readonly Chord[]>> {
    try {
      return JSON.parse(this.#storage?.getItem(storageKey) ?? "{}") as Partial<Record<Command, readonly Chord[]>>;
    } catch {
      return {};
    }
  }
}
