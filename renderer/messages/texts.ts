/** The shape of a language's texts: the same keys and the same placeholders as those of another, in whatever words. */
export type Texts<T> = T extends string
  ? string
  : T extends (...values: infer V) => string
    ? (...values: V) => string
    : { readonly [K in keyof T]: Texts<T[K]> };
