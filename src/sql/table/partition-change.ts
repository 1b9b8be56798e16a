import type { QualifiedName, TableChange } from './definition.ts';
import type { DefinitionReader } from './reader.ts';

/** Rows go, or come, with a partition. */
export function partitionRows(reader: DefinitionReader, word: string): readonly TableChange[] {
  let other: QualifiedName | undefined;
  while (!reader.atStatementEnd) {
    if (reader.accept('TABLE')) other = reader.qualifiedName();
    else reader.skipValue();
  }
  return [{ kind: 'partitionRows', what: word, other }];
}

/** Rows stay, wherever they are put. */
export function skipPartitions(reader: DefinitionReader): readonly TableChange[] {
  reader.expect('PARTITION');
  while (!reader.atStatementEnd) reader.skipValue();
  return [];
}
