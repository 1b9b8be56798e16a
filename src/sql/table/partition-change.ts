import type { QualifiedName, TableChange } from './definition.ts';
import { partitionBy, partitionDefinitions } from './partition-by.ts';
import { PartitionTokens } from './partition-tokens.ts';
import type { PartitionChange } from './partitioning.ts';
import { type DefinitionReader, NotUnderstood } from './reader.ts';

/** Rows go, or come, with a partition; `word` has been taken. */
export function partitionRows(reader: DefinitionReader, word: string): readonly TableChange[] {
  let other: QualifiedName | undefined;
  const isNamed = word === 'DROP' || word === 'TRUNCATE';
  if (word === 'TRUNCATE') reader.accept('PARTITION');
  const ifExists = isNamed && reader.ifExists();
  const names: string[] = [];
  if (isNamed && !reader.atStatementEnd) {
    const isAll = word === 'TRUNCATE' && reader.accept('ALL');
    if (isAll) return [{ kind: 'partitionRows', what: word, other, partitions: 'all', ifExists }];
    do names.push(reader.name());
    while (reader.acceptSymbol(','));
  }
  while (!reader.atStatementEnd) {
    if (reader.accept('TABLE')) other = reader.qualifiedName();
    else reader.skipValue();
  }
  return [{ kind: 'partitionRows', what: word, other, partitions: names, ifExists }];
}

/** Rows stay, wherever they are put. */
export function skipPartitions(reader: DefinitionReader): readonly TableChange[] {
  reader.expect('PARTITION');
  while (!reader.atStatementEnd) reader.skipValue();
  return [];
}

/** Other partitions for the same rows: one of these words has been taken. */
export function changedPartitions(
  reader: DefinitionReader,
  word: 'PARTITION' | 'ADD' | 'COALESCE' | 'REORGANIZE',
): readonly TableChange[] {
  reader.expect(word === 'PARTITION' ? 'BY' : 'PARTITION');
  return [{ kind: 'partitions', change: changeOf(word, new PartitionTokens(reader)) }];
}

function changeOf(
  word: 'PARTITION' | 'ADD' | 'COALESCE' | 'REORGANIZE',
  tokens: PartitionTokens,
): PartitionChange {
  if (word === 'PARTITION') return { kind: 'partitionBy', partitioning: partitionBy(tokens) };
  try {
    const change =
      word === 'ADD' ? added(tokens) : word === 'COALESCE' ? coalesced(tokens) : reorganized(tokens);
    return tokens.atEnd ? change : tokens.fail('the end of the partitions');
  } catch (error) {
    if (error instanceof NotUnderstood) return { kind: 'lost', reason: error.message };
    throw error;
  }
}

function added(tokens: PartitionTokens): PartitionChange {
  const ifNotExists = tokens.accept('IF');
  if (ifNotExists) tokens.expect('NOT', 'EXISTS');
  if (tokens.accept('PARTITIONS')) return { kind: 'addCount', count: tokens.count() };
  return { kind: 'add', partitions: partitionDefinitions(tokens), ifNotExists };
}

function coalesced(tokens: PartitionTokens): PartitionChange {
  return { kind: 'coalesce', count: tokens.count() };
}

function reorganized(tokens: PartitionTokens): PartitionChange {
  // Without names: the partitions are spread anew, and are what they were.
  if (tokens.atEnd) return { kind: 'reorganize', names: [], into: [] };
  const names = tokens.names();
  tokens.expect('INTO');
  return { kind: 'reorganize', names, into: partitionDefinitions(tokens) };
}
