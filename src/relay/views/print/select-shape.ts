import type { Domain } from './domain.ts';

/** How a SELECT is to be printed. */
export interface SelectShape {
  /** Its columns are those of the answer. */
  readonly outermost: boolean;
  /** What its columns are together with those of other queries. */
  readonly united?: readonly Domain[];
  /** Of a recursion: one more column, if any, and a condition. */
  readonly more?: { readonly item: string; readonly condition: string };
}
