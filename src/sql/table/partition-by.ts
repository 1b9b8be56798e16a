import { partitionExpression } from './partition-expression.ts';
import type { PartitionTokens } from './partition-tokens.ts';
import type {
  PartitionDefinition,
  PartitionExpression,
  Partitioning,
  UnknownPartitioning,
} from './partitioning.ts';
import { NotUnderstood } from './reader.ts';

/** As many as the servers allow. */
const MAX_PARTITIONS = 8192;

/** What stands behind PARTITION BY. */
export function partitionBy(tokens: PartitionTokens): Partitioning | UnknownPartitioning {
  try {
    const partitioning = methodOf(tokens);
    return tokens.atEnd ? partitioning : tokens.fail('the end of the partitions');
  } catch (error) {
    if (error instanceof NotUnderstood) return { method: 'unknown', reason: error.message };
    throw error;
  }
}

function methodOf(tokens: PartitionTokens): Partitioning | UnknownPartitioning {
  if (tokens.accept('RANGE')) return ranged(tokens, 'range');
  if (tokens.accept('LIST')) return ranged(tokens, 'list');
  const isLinear = tokens.accept('LINEAR');
  if (tokens.accept('HASH')) return hashed(tokens, isLinear ? 'linearHash' : 'hash');
  const reason = tokens.word;
  while (!tokens.atEnd) tokens.skip();
  return { method: 'unknown', reason: `${reason} spreads rows as only the source can` };
}

function ranged(tokens: PartitionTokens, method: 'range' | 'list'): Partitioning {
  const isByColumns = tokens.accept('COLUMNS');
  tokens.expectSymbol('(');
  const by = isByColumns
    ? tokens.names().map((name): PartitionExpression => ({ kind: 'column', name }))
    : [partitionExpression(tokens)];
  tokens.expectSymbol(')');
  if (tokens.accept('PARTITIONS')) tokens.count();
  skipSubpartitions(tokens);
  return { method, isByColumns, by, partitions: partitionDefinitions(tokens) };
}

function hashed(tokens: PartitionTokens, method: 'hash' | 'linearHash'): Partitioning {
  tokens.expectSymbol('(');
  const by = [partitionExpression(tokens)];
  tokens.expectSymbol(')');
  const count = tokens.accept('PARTITIONS') ? tokens.count() : 1;
  const partitions = tokens.isSymbol('(') ? partitionDefinitions(tokens) : numberedPartitions(0, count);
  return { method, isByColumns: false, by, partitions };
}

/** What HASH calls partitions that have no names; `first`: how many there are. */
export function numberedPartitions(first: number, count: number): PartitionDefinition[] {
  return Array.from({ length: Math.max(0, Math.min(count, MAX_PARTITIONS - first)) }, (_, index) => ({
    name: `p${first + index}`,
    values: [],
    isDefault: false,
  }));
}

function skipSubpartitions(tokens: PartitionTokens): void {
  if (!tokens.accept('SUBPARTITION')) return;
  while (!tokens.atEnd && !tokens.isSymbol('(')) tokens.skip();
  tokens.skip();
  if (tokens.accept('SUBPARTITIONS')) tokens.count();
}

/** `(PARTITION p0 …, …)` */
export function partitionDefinitions(tokens: PartitionTokens): PartitionDefinition[] {
  tokens.expectSymbol('(');
  const definitions: PartitionDefinition[] = [];
  do definitions.push(definition(tokens));
  while (tokens.acceptSymbol(','));
  tokens.expectSymbol(')');
  return definitions;
}

function definition(tokens: PartitionTokens): PartitionDefinition {
  // MariaDB since 11.7 needs no word for it.
  tokens.accept('PARTITION');
  const name = tokens.name();
  let values: readonly (readonly PartitionExpression[])[] = [];
  let isDefault = tokens.accept('DEFAULT');
  if (tokens.accept('VALUES')) {
    if (tokens.accept('LESS')) {
      tokens.expect('THAN');
      values = [tokens.accept('MAXVALUE') ? [{ kind: 'maxvalue' }] : tuple(tokens)];
    } else {
      tokens.expect('IN');
      [values, isDefault] = listed(tokens);
    }
  }
  // Where and how it is stored, and its subpartitions.
  while (!tokens.atEnd && !tokens.isSymbol(',') && !tokens.isSymbol(')')) tokens.skip();
  return { name, values, isDefault };
}

function tuple(tokens: PartitionTokens): PartitionExpression[] {
  tokens.expectSymbol('(');
  const values = [partitionExpression(tokens)];
  while (tokens.acceptSymbol(',')) values.push(partitionExpression(tokens));
  tokens.expectSymbol(')');
  return values;
}

/** `(1, 2)`, `((1, 'a'), (2, 'b'))`, `(DEFAULT)`: values of several columns stand in parentheses of their own. */
function listed(tokens: PartitionTokens): [PartitionExpression[][], boolean] {
  const values: PartitionExpression[][] = [];
  let isDefault = false;
  tokens.expectSymbol('(');
  do {
    if (tokens.accept('DEFAULT')) isDefault = true;
    else if (tokens.isSymbol('(')) values.push(tuple(tokens));
    else values.push([partitionExpression(tokens)]);
  } while (tokens.acceptSymbol(','));
  tokens.expectSymbol(')');
  return [values, isDefault];
}
