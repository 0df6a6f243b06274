/** placeholder */
export interface AnnotationDocument { readonly shapes: readonly unknown[] }
