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
]);

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
    if (!STORAGE.has(piece.word) || !(next?.text === '=' || (piece.word === 'ENGINE' && next !== undefined)))
      return;
    (next.text === '=' ? [piece, next, then] : [piece, next]).forEach(gone);
    // ALTER TABLE lists what it does.
    if (pieces[at - 1]?.text === ',' && pieces[at - 1]?.depth === 0) gone(pieces[at - 1]);
  });
}
