import type { Flavor } from '../../../../binlog/index.ts';
import { decodeText } from '../../../../charset/index.ts';
import type { LexerOptions } from '../../../../sql/index.ts';
import type { SchemaNames } from '../../../rename-schemas.ts';
import { gone, joined, piecesOf } from './pieces.ts';
import { renameQualifiers } from './rename-qualifiers.ts';
import { rewriteCollations } from './rewrite-collations.ts';
import { rewriteColumns } from './rewrite-columns.ts';
import { rewriteIndexes } from './rewrite-indexes.ts';
import { rewriteOptions } from './rewrite-options.ts';
import { rewriteTypes } from './rewrite-types.ts';
import { rewriteVersions } from './rewrite-versions.ts';

/**
 * A definition of a table or schema in the words of the other family: statements, in order, as text.
 *
 * Columns keep what they hold; how a table is stored, in which partitions and by which engine, is the target's own matter.
 */
export function translate(
  sql: Uint8Array,
  options: LexerOptions & { readonly flavor: Flavor; readonly charset: string },
  to: Flavor,
  nameOf?: SchemaNames,
): string[] {
  const pieces = piecesOf(decodeText(sql, options.charset), options);
  if (nameOf !== undefined) renameQualifiers(pieces, nameOf);
  const isTable = pieces.some(({ word }, at) => at < 5 && word === 'TABLE');
  const isAlter = pieces[0]?.word === 'ALTER';
  rewriteCollations(pieces, to);
  if (!isTable || !(isAlter || pieces[0]?.word === 'CREATE')) return [joined(pieces)];
  const before: string[] = [];
  if (pieces[1]?.word === 'OR' && pieces[2]?.word === 'REPLACE') {
    const name = pieces.slice(4, pieces[5]?.text === '.' ? 7 : 5);
    before.push(`DROP TABLE IF EXISTS ${joined(name)}`);
    [pieces[1], pieces[2]].forEach(gone);
  }
  rewriteTypes(pieces, to, isAlter);
  rewriteColumns(pieces, to);
  rewriteIndexes(pieces, to);
  const added = to === 'mysql' ? rewriteVersions(pieces) : '';
  rewriteOptions(pieces);
  if (added !== '') {
    const close = pieces.findLast((piece) => piece.text === ')' && piece.depth === 0);
    if (close !== undefined) close.text = `${added})`;
  }
  return [...before, joined(pieces)];
}
