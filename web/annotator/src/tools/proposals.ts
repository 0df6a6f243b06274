import type { Shape } from "../contract";
import type { Session } from "./session";

/** The shape keeps the proposal's id and score, so that the hub can tell how often the model was right. */
export function acceptProposal(session: Session, proposal: Shape, label = proposal.label): boolean {
  const next = nextProposal(session, proposal);
  // A picked shape of another annotator stays theirs; a model's proposal becomes the work of who accepted it.
  const author = proposal.createdBy ?? session.identity.createdBy;
  const shape: Shape = { ...proposal, label, ...(author ? { createdBy: author } : {}) };
  if (!session.commit([{ type: "put", shape }])) return false;
  session.select(next ? [next.id] : [shape.id]);
  return true;
}

export function rejectProposal(session: Session, proposal: Shape): boolean {
  const next = nextProposal(session, proposal);
  session.rejectProposal(proposal.id);
  session.select(next ? [next.id] : []);
  return true;
}

function nextProposal(session: Session, proposal: Shape): Shape | null {
  const shown = session.visibleProposals;
  const at = shown.indexOf(proposal);
  return shown[at + 1] ?? shown[at - 1] ?? null;
}
