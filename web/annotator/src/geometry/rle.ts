/**
 * COCO run lengths: column-major, alternating background and foreground, starting with background.
 * Compressed form (maskApi.c, rleToString): from the third run on, the difference to the run two before;
 * each number in 5-bit groups, low first, bit 5 = more follow, sign extended, plus 48.
 */
export function compressRuns(runs: readonly number[]): string {
  let text = "";
  for (let i = 0; i < runs.length; i++) {
    let value = i > 2 ? runs[i]! - runs[i - 2]! : runs[i]!;
    for (let more = true; more;) {
      let group = value & 0x1f;
      value >>= 5;
      more = group & 0x10 ? value !== -1 : value !== 0;
      if (more) group |= 0x20;
      text += String.fromCharCode(group + 48);
    }
  }
  return text;
}

export function expandRuns(text: string): number[] {
  const runs: number[] = [];
  for (let at = 0; at < text.length;) {
    let value = 0, shift = 0;
    for (let more = true; more;) {
      if (at >= text.length) throw new RangeError("The mask's run lengths end in the middle of a number.");
      const group = text.charCodeAt(at++) - 48;
      if (group < 0 || group > 63) throw new RangeError("The mask's run lengths contain a character that COCO does not use.");
      value |= (group & 0x1f) << (5 * shift);
      more = (group & 0x20) !== 0;
      shift++;
      if (!more && group & 0x10 && 5 * shift < 32) value |= -1 << (5 * shift);
    }
    if (runs.length > 2) value += runs[runs.length - 2]!;
    runs.push(value);
  }
  return runs;
}
