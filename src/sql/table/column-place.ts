import type { ColumnPlace } from './definition.ts';
import type { DefinitionReader } from './reader.ts';

/** FIRST, AFTER a column; undefined: nothing is said. */
export function columnPlace(reader: DefinitionReader): ColumnPlace | undefined {
  if (reader.accept('FIRST')) return { kind: 'first' };
  return reader.accept('AFTER') ? { kind: 'after', column: reader.columnName() } : undefined;
}
