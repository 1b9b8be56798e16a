import type { Flavor } from '../../../../binlog/index.ts';
import { tidyList } from './changes.ts';
import type { ExistingTable } from './existing-table.ts';
import { definitionAround, gone, isName, joined, type Piece, plainName } from './pieces.ts';

/** First words of changes of ALTER TABLE that are about partitions; each stands by itself. */
const VERBS: ReadonlySet<string> = new Set([
  'ADD',
  'ANALYZE',
  'CHECK',
  'COALESCE',
  'DROP',
  'EXCHANGE',
  'OPTIMIZE',
  'REBUILD',
  'REORGANIZE',
  'REPAIR',
  'TRUNCATE',
]);

/** Options of a partition that say where and how one family stores it: `NAME [=] value`. */
const STORAGE: ReadonlySet<string> = new Set(['ENGINE', 'TABLESPACE', 'NODEGROUP']);

const REMOVED = 'REMOVE PARTITIONING';

/** Takes PARTITION BY and what is behind it out of a definition. */
export function takePartitionBy(pieces: Piece[]): Piece[] {
  const at = pieces.findIndex(
    ({ word, depth }, index) => word === 'PARTITION' && depth === 0 && pieces[index + 1]?.word === 'BY',
  );
  return at < 0 ? [] : pieces.splice(at);
}

/** PARTITION BY in the words of the target. `isShared`: both families spread rows alike by it; else the target's table has no partitions. */
export function partitionBy(
  pieces: readonly Piece[],
  to: Flavor,
  { isShared, isAlter }: { readonly isShared: boolean; readonly isAlter: boolean },
): string {
  if (pieces.length === 0) return '';
  if (!isShared) return isAlter ? REMOVED : '';
  rewriteParts(pieces, to);
  return joined(pieces);
}

/** Whether it is an ALTER TABLE that does something to partitions, and nothing else. */
export const isPartitionStatement = (pieces: readonly Piece[]): boolean =>
  pieces[0]?.word === 'ALTER' && verbAt(pieces) > 0;

const verbAt = (pieces: readonly Piece[]): number =>
  pieces.findIndex(
    ({ word, depth }, at) => depth === 0 && VERBS.has(word) && pieces[at + 1]?.word === 'PARTITION',
  );

/**
 * A change of partitions in the words of the target.
 *
 * @param existing what MySQL's table has, where that was asked
 * @returns none: there is nothing to be done
 */
export function partitionStatement(
  pieces: readonly Piece[],
  to: Flavor,
  existing: ExistingTable | undefined,
): string[] {
  const at = verbAt(pieces);
  const verb = pieces[at]!.word;
  if (to === 'mysql' && !holdsFor(pieces, at, existing)) return [];
  // It is the same, and needs no partitions.
  if (verb === 'TRUNCATE' && pieces[at + 2]?.word === 'ALL')
    return [
      `TRUNCATE TABLE ${joined(pieces.slice(pieces.findIndex(({ word }) => word === 'TABLE') + 1, at))}`,
    ];
  rewriteParts(pieces.slice(at + 2), to);
  return [joined(pieces)];
}

/** Leaves out IF [NOT] EXISTS of MariaDB, and what it does not hold for; false: nothing is left. */
function holdsFor(pieces: readonly Piece[], at: number, existing: ExistingTable | undefined): boolean {
  const conditions = pieces.flatMap(({ word, depth }, index) =>
    word === 'IF' && depth === 0 ? [index] : [],
  );
  for (const index of conditions) {
    const isNot = pieces[index + 1]?.word === 'NOT';
    pieces.slice(index, index + (isNot ? 3 : 2)).forEach(gone);
    if (index < at) {
      if (existing === undefined) return false;
    } else if (!isNot && !keepsSome(pieces.slice(index + 2), existing)) return false;
  }
  return true;
}

/** Leaves out the names of partitions that the table has not. One that has none at all says so itself. */
function keepsSome(pieces: readonly Piece[], existing: ExistingTable | undefined): boolean {
  const { partitions } = existing ?? {};
  if (partitions === undefined || partitions.size === 0) return true;
  const names = pieces.filter(isName);
  for (const name of names) if (!partitions.has(plainName(name))) gone(name);
  tidyList(pieces);
  return names.some(({ text }) => text !== '');
}

/** What a partition says of how it is stored goes; MySQL needs the word before its name, which MariaDB since 11.7 does not. */
function rewriteParts(pieces: readonly Piece[], to: Flavor): void {
  pieces.forEach((piece, at) => {
    const next = pieces[at + 1];
    if (piece.text === '' || next === undefined) return;
    if (to === 'mysql' && piece.word === 'VALUES' && piece.depth > 0) addWord(pieces, at);
    const isDirectory = (piece.word === 'DATA' || piece.word === 'INDEX') && next.word === 'DIRECTORY';
    if (!isDirectory && !(STORAGE.has(piece.word) && isBehindName(pieces, at))) return;
    const from = isDirectory ? at + 2 : at + 1;
    const end = pieces[from]?.text === '=' ? from + 2 : from + 1;
    const storage = pieces[at - 1]?.word === 'STORAGE' ? at - 1 : at;
    pieces.slice(storage, end).forEach(gone);
  });
}

/** Whether a word is an option of a partition, and not its name. */
const isBehindName = (pieces: readonly Piece[], at: number): boolean =>
  pieces[at - 1]?.word !== 'PARTITION' && pieces[at - 1]?.word !== 'SUBPARTITION';

function addWord(pieces: readonly Piece[], at: number): void {
  const [first] = definitionAround(pieces, at);
  if (first !== undefined && first.word !== 'PARTITION') first.text = `PARTITION ${first.text}`;
}
