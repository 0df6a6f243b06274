import type { Position, Shape } from "../contract";
import type { Handle } from "../geometry/handles";
import type { MaskPatch } from "../geometry/mask";
import type { ImagePoint } from "../geometry/points";

export type Tool = "select" | "box" | "rotatedBox" | "extreme" | "polygon" | "polyline" | "point" | "brush" | "eraser" | "pin";

/** What the person is in the middle of. */
export type Gesture =
  | { readonly state: "idle" }
  /** The first corner is placed; `held` while the button is down (a drag, until proven a click). */
  | { readonly state: "box"; readonly anchor: ImagePoint; readonly current: ImagePoint; readonly held: boolean }
  /** One side is placed by its ends, the third point gives the other side. */
  | { readonly state: "rotated"; readonly points: readonly ImagePoint[]; readonly current: ImagePoint; readonly held: boolean }
  /** Up to three of the four extreme points are placed. */
  | { readonly state: "extreme"; readonly points: readonly ImagePoint[]; readonly current: ImagePoint }
  | { readonly state: "path"; readonly kind: "polygon" | "polyline"; readonly points: readonly Position[]; readonly current: ImagePoint }
  | { readonly state: "brush"; readonly shape: Shape | null; readonly patch: MaskPatch; readonly value: 0 | 1; readonly last: ImagePoint }
  | { readonly state: "move"; readonly from: ImagePoint; readonly originals: readonly Shape[]; readonly current: readonly Shape[] }
  | { readonly state: "resize"; readonly handle: Handle; readonly original: Shape; readonly current: Shape }
  | { readonly state: "area"; readonly from: ImagePoint; readonly current: ImagePoint };

export type StateName = Gesture["state"];

export const idle: Gesture = { state: "idle" };
