import type { Flavour } from './flavour.ts';
import type { Random } from './random.ts';

/** A column as SQL: its type, and a source of literals for it. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly value: (random: Random) => string;
  /** False for generated columns. */
  readonly writable: boolean;
}

/** One kind of column; the made type and its literals belong together. */
export interface ColumnKind {
  readonly weight: number;
  readonly in?: (flavour: Flavour) => boolean;
  readonly make: (random: Random, flavour: Flavour) => Pick<Column, 'type' | 'value'>;
}
