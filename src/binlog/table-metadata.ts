import type { Column } from './columns/index.ts';
import type { Flavor } from './log-state.ts';

/** One field of a table map's optional metadata, as logged. */
export interface MetadataField {
  readonly type: number;
  readonly value: Buffer;
}

/** Spreads the optional metadata over the columns it describes. */
export function applyMetadata(
  _columns: readonly Column[],
  _fields: readonly MetadataField[],
  _flavor: Flavor,
): void {}
