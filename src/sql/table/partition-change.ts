import type { TableChange } from './definition.ts';
import type { DefinitionReader } from './reader.ts';

/** Rows go, or come, with a partition. */
export function partitionRows(reader: DefinitionReader, word: string): readonly TableChange[] {
  while (!reader.atStatementEnd) reader.skipValue();
  return [{ kind: 'partitionRows', what: word }];
}

/** Rows stay, wherever they are put. */
export function skipPartitions(reader: DefinitionReader): readonly TableChange[] {
  reader.expect('PARTITION');
  while (!reader.atStatementEnd) reader.skipValue();
  return [];
}
