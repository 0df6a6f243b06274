import type { AnnotationTask, AttributeDefinition, ImageSource, LabelClass, ValueDefinition } from "../../../annotator/src/contract";

export interface PictureJson { readonly type: "plain" | "tiled"; readonly width: number; readonly height: number; readonly url: string; readonly tileSize: number | null; readonly levels: number | null }
type Nullable<T> = { readonly [K in keyof T]: T[K] | null };
export type TaskJson = Nullable<Omit<AnnotationTask, "image" | "classes" | "values" | "id" | "lease" | "revision" | "document">>
  & Pick<AnnotationTask, "id" | "lease" | "revision" | "document">
  & { readonly image: PictureJson; readonly values?: readonly (Nullable<Omit<ValueDefinition, "name">> & Pick<ValueDefinition, "name">)[] | null; readonly classes: readonly (Nullable<Omit<LabelClass, "name" | "color" | "attributes">> & Pick<LabelClass, "name" | "color"> & { readonly attributes: readonly Nullable<AttributeDefinition>[] })[] };

export function picture({ type, width, height, url, tileSize, levels }: PictureJson): ImageSource {
  return type === "plain" ? { type, width, height, url }
    : { type, width, height, tileSize: tileSize ?? 512, levels: levels ?? 1, url: (level, x, y) => `${url}/${level}/${x}/${y}` };
}

/** The hub writes null where the contract leaves a member out. */
export function toTask({ image, classes, values, ...rest }: TaskJson): AnnotationTask {
  return { ...without(rest), ...(values ? { values: values.map(without) } : {}), image: picture(image), classes: classes.map((one) => ({ ...without(one), attributes: one.attributes.map(without) })) } as unknown as AnnotationTask;
}

const without = (value: object): object => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null));
