import { gone, type Piece } from './pieces.ts';

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

/** Words behind which the name of something stands, and no option. */
const NAMING: ReadonlySet<string> = new Set(
  'ADD AFTER ALTER CHANGE COLUMN CONSTRAINT DROP EXISTS INDEX KEY MODIFY RENAME SET TABLE TO'.split(' '),
);

/** Changes of partitions that leave every row where it is, or in another partition; others fail where there are none. */
const ROWS_STAY: ReadonlySet<string> = new Set([
  'ADD',
  'ANALYZE',
  'CHECK',
  'COALESCE',
  'OPTIMIZE',
  'REBUILD',
  'REORGANIZE',
  'REPAIR',
]);

/** Options behind the definition that say where and how one family stores the table. */
export function rewriteOptions(pieces: readonly Piece[]): void {
  pieces.forEach((piece, at) => {
    if (piece.depth !== 0) return;
    const [next, then] = [pieces[at + 1], pieces[at + 2]];
    if (piece.word === 'PARTITION' && next?.word === 'BY') pieces.slice(at).forEach(gone);
    if (ROWS_STAY.has(piece.word) && next?.word === 'PARTITION') pieces.slice(at).forEach(gone);
    if (piece.word === 'REMOVE' && next?.word === 'PARTITIONING') [piece, next].forEach(gone);
    if (piece.word === 'START' && next?.word === 'TRANSACTION') [piece, next].forEach(gone);
    const before = pieces[at - 1];
    if (next === undefined || before === undefined || NAMING.has(before.word) || before.text === '.') return;
    if (piece.word === 'STORAGE') [piece, next].forEach(gone);
    else if ((piece.word === 'DATA' || piece.word === 'INDEX') && next.word === 'DIRECTORY')
      (then?.text === '=' ? [piece, next, then, pieces[at + 3]] : [piece, next, then]).forEach(gone);
    else if (STORAGE.has(piece.word)) (next.text === '=' ? [piece, next, then] : [piece, next]).forEach(gone);
  });
}
