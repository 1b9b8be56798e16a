import type { Flavor } from '../../../../binlog/index.ts';
import { decodeText } from '../../../../charset/index.ts';
import type { LexerOptions } from '../../../../sql/index.ts';
import type { SchemaNames } from '../../../applier/rename-schemas.ts';
import { addChange, tidyChanges } from './changes.ts';
import type { ExistingTable } from './existing-table.ts';
import { foldLiterals } from './fold-literals.ts';
import { outgrownIndexes } from './outgrown-indexes.ts';
import { gone, joined, piecesOf } from './pieces.ts';
import { renameQualifiers } from './rename-qualifiers.ts';
import { rewriteChecks } from './rewrite-checks.ts';
import { rewriteCollations } from './rewrite-collations.ts';
import { rewriteColumns } from './rewrite-columns.ts';
import { isConditional, rewriteConditions } from './rewrite-conditions.ts';
import { rewriteDefaults } from './rewrite-defaults.ts';
import { rewriteExecution } from './rewrite-execution.ts';
import { rewriteGenerated, rewriteOfBytes } from './rewrite-generated.ts';
import { indexStatements, isIndexStatement } from './rewrite-index-statement.ts';
import { rewriteIndexes } from './rewrite-indexes.ts';
import { rewriteNames } from './rewrite-names.ts';
import { rewriteOptions } from './rewrite-options.ts';
import {
  isPartitionStatement,
  partitionBy,
  partitionStatement,
  takePartitionBy,
} from './rewrite-partitions.ts';
import { rewritePrimaryKey } from './rewrite-primary-key.ts';
import { isSchemaStatement, schemaStatements } from './rewrite-schema.ts';
import { rewriteTypes } from './rewrite-types.ts';
import { rewriteUnique } from './rewrite-unique.ts';
import { rewritePeriods, rewriteVersions } from './rewrite-versions.ts';
import { namesPartitionColumns, sharesPartitions } from './shared-partitions.ts';
import { spreadAdded } from './spread-added.ts';
import {
  changesVectors,
  conversionAt,
  refuseConversions,
  refuseLabels,
  refuseMoves,
  refuseVectors,
} from './untold.ts';

/** Whether {@link translate} must know what the table has. */
export const asksForTable = (
  sql: Uint8Array,
  options: LexerOptions & { readonly charset: string },
  to: Flavor,
): boolean => {
  const pieces = piecesOf(decodeText(sql, options.charset), options);
  if (to === 'mysql') return isConditional(pieces);
  return conversionAt(pieces) >= 0 || changesVectors(pieces) || namesPartitionColumns(pieces);
};

/** Under what a definition is given. */
export interface Circumstances {
  readonly nameOf?: SchemaNames | undefined;
  /** What the target has of the table; undefined: it was not asked. */
  readonly table?: { readonly existing: ExistingTable | undefined } | undefined;
  /** How often the target has refused the definition: the first time its defaults may be why, then stored columns, then virtual ones. */
  readonly refused?: number;
  /** Whether the target's table is to have no partitions: it has refused those of the source. */
  readonly withoutPartitions?: boolean;
}

/**
 * A definition of a table or schema in the words of the other family: statements, in order, as text.
 *
 * None, where there is nothing to be done. Columns keep what they hold; how a table is stored, and by which engine, is the target's own matter.
 *
 * @throws CatalogError it changes rows in a way that the target cannot know
 */
export function translate(
  sql: Uint8Array,
  options: LexerOptions & { readonly flavor: Flavor; readonly charset: string },
  to: Flavor,
  { nameOf, table, refused = 0, withoutPartitions = false }: Circumstances = {},
): string[] {
  const given = piecesOf(decodeText(sql, options.charset), options);
  const pieces = given[0]?.word === 'ALTER' ? spreadAdded(given) : given;
  foldLiterals(pieces, options.charset, to);
  if (nameOf !== undefined) renameQualifiers(pieces, nameOf);
  const isPartitions = isPartitionStatement(pieces);
  if (table !== undefined && to === 'mysql' && !isPartitions && !rewriteConditions(pieces, table.existing))
    return [];
  const isTable = pieces.some(({ word }, at) => at < 5 && word === 'TABLE');
  const isAlter = pieces[0]?.word === 'ALTER';
  rewriteCollations(pieces, to);
  rewriteExecution(pieces, to);
  rewriteNames(pieces, to);
  if (isSchemaStatement(pieces)) return schemaStatements(pieces, to);
  if (isIndexStatement(pieces)) return indexStatements(pieces, to, table?.existing);
  if (!isTable || !(isAlter || pieces[0]?.word === 'CREATE')) return [joined(pieces)];
  if (isPartitions) return partitionStatement(pieces, to, table?.existing);
  const taken = takePartitionBy(pieces);
  const isShared =
    taken.length > 0 && !withoutPartitions && sharesPartitions(sql, options, to, table?.existing);
  const before: string[] = [];
  if (pieces[1]?.word === 'OR' && pieces[2]?.word === 'REPLACE') {
    const name = pieces.slice(4, pieces[5]?.text === '.' ? 7 : 5);
    before.push(`DROP TABLE IF EXISTS ${joined(name)}`);
    [pieces[1], pieces[2]].forEach(gone);
  }
  const later: string[] = [];
  const types = table?.existing?.types ?? new Map<string, string>();
  if (isAlter) {
    refuseMoves(pieces);
    refuseLabels(pieces, types);
    if (table !== undefined) refuseVectors(pieces, types);
  }
  if (isAlter && to === 'mysql') {
    refuseConversions(pieces, types);
    later.push(...rewritePeriods(pieces, table?.existing), ...outgrownIndexes(pieces, table?.existing));
  }
  if (to === 'mysql') {
    rewritePrimaryKey(pieces, isAlter, table?.existing);
    rewriteUnique(pieces, isAlter, types);
    rewriteOfBytes(pieces, isAlter, types);
  }
  if (refused > 1) rewriteGenerated(pieces, isAlter, to, refused > 2);
  rewriteChecks(pieces, to);
  rewriteTypes(pieces, options, to, isAlter);
  rewriteDefaults(pieces, to, refused > 0);
  rewriteColumns(pieces, to);
  rewriteIndexes(pieces, to);
  const added = to === 'mysql' ? rewriteVersions(pieces) : '';
  rewriteOptions(pieces, withoutPartitions);
  for (const change of later) addChange(pieces, change);
  if (isAlter) tidyChanges(pieces);
  if (added !== '') {
    const close = pieces.findLast((piece) => piece.text === ')' && piece.depth === 0);
    if (close !== undefined) close.text = `${added})`;
  }
  const partitions = partitionBy(taken, to, { isShared, isAlter: isAlter && !withoutPartitions });
  return [...before, [joined(pieces), partitions].join(' ').trimEnd()];
}
