import type { Translate } from "../strings";
import type { SyncState } from "../sync/taskSync";

export interface StandingNotice {
  readonly text: string;
  readonly button?: { readonly label: string; readonly act: () => void };
}

/** What stands on the canvas about saving until it is over; null when there is nothing that the person must know. */
export function savingNotice(state: SyncState, t: Translate, signIn: () => void, retry: () => void): StandingNotice | null {
  switch (state.type) {
    case "signedOut": return { text: t("state.signedOut", { n: state.waiting }), button: { label: t("signIn"), act: signIn } };
    case "refused": return { text: t("state.refused", { message: state.message }), button: { label: t("retry"), act: retry } };
    case "returned": return { text: t("state.returned", { message: state.message }) };
    case "leaseLost": return { text: t("state.leaseLost", { n: state.waiting, message: state.message }) };
    case "notKept": return { text: t("state.notKept", { message: state.message }) };
    default: return null;
  }
}

/** The state of the task at hand, with the changes of tasks left behind that are still on their way. */
export function withOthers(own: SyncState, others: number): SyncState {
  const waiting = ("waiting" in own ? own.waiting : 0) + others;
  if (own.type === "returned") return own;
  return own.type === "saved" ? (others > 0 ? { type: "saving", waiting } : own) : { ...own, waiting };
}
