import { CHANGES, changeAround, tidyList } from './changes.ts';
import { gone, type Piece, plainName } from './pieces.ts';

/** Options of a table that say how one family stores it: `NAME [=] value`. */
const STORAGE: ReadonlySet<string> = new Set([
  'ENGINE',
  'PAGE_CHECKSUM',
  'PAGE_COMPRESSED',
  'PAGE_COMPRESSION_LEVEL',
  'TRANSACTIONAL',
  'ENCRYPTED',
  'ENCRYPTION_KEY_ID',
  'IETF_QUOTES',
  'SEQUENCE',
  'ENCRYPTION',
  'COMPRESSION',
  'ENGINE_ATTRIBUTE',
  'SECONDARY_ENGINE',
  'SECONDARY_ENGINE_ATTRIBUTE',
  'AUTOEXTEND_SIZE',
  'TABLESPACE',
  'ROW_FORMAT',
  'KEY_BLOCK_SIZE',
  'INSERT_METHOD',
]);

const MEDIA: ReadonlySet<string> = new Set(['DEFAULT', 'DISK', 'MEMORY']);

/** Words behind which the name of something stands, and no option. */
const NAMING: ReadonlySet<string> = new Set(
  'ADD AFTER ALTER AS BY CHANGE COLUMN CONSTRAINT DROP EXISTS INDEX KEY MODIFY REFERENCES RENAME SET TABLE TO'.split(
    ' ',
  ),
);

/**
 * Options behind the definition that say where and how one family stores the table.
 *
 * @param withoutPartitions the target's table has none that could be removed
 */
export function rewriteOptions(pieces: readonly Piece[], withoutPartitions: boolean): void {
  pieces.forEach((piece, at) => {
    if (piece.depth !== 0) return;
    const [next, then] = [pieces[at + 1], pieces[at + 2]];
    if (withoutPartitions && piece.word === 'REMOVE' && next?.word === 'PARTITIONING')
      [piece, next].forEach(gone);
    if (piece.word === 'START' && next?.word === 'TRANSACTION') [piece, next].forEach(gone);
    const before = pieces[at - 1];
    if (next === undefined || before === undefined || NAMING.has(before.word) || before.text === '.') return;
    if (piece.word === 'STORAGE' && MEDIA.has(next.word)) [piece, next].forEach(gone);
    else if ((piece.word === 'DATA' || piece.word === 'INDEX') && next.word === 'DIRECTORY')
      (then?.text === '=' ? [piece, next, then, pieces[at + 3]] : [piece, next, then]).forEach(gone);
    else if (isStorage(pieces, at)) (next.text === '=' ? [piece, next, then] : [piece, next]).forEach(gone);
  });
  const close = pieces.findIndex(({ text, depth }) => depth === 0 && text.endsWith(')'));
  if (pieces[0]?.word === 'CREATE' && close > 0) tidyList(pieces.slice(close + 1));
}

/** Whether an option begins here, and not a column or index of that name: those stand in changes, without `=`. MariaDB quotes names of options, too. */
function isStorage(pieces: readonly Piece[], at: number): boolean {
  if (!STORAGE.has(plainName(pieces[at]!).toUpperCase())) return false;
  const isAssigned = pieces[at + 1]?.text === '=';
  const isNamed = pieces[at]!.word === '' || CHANGES.has(changeAround(pieces, at, 0)[0]?.word ?? '');
  return isAssigned || !(isNamed && pieces[0]?.word === 'ALTER');
}
