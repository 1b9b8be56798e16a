import type { Flavor } from '../../../../binlog/index.ts';
import { Token } from '../../../../sql/index.ts';
import { definitionAround, gone, type Piece } from './pieces.ts';

/** What MySQL takes behind DEFAULT as it stands, although it is no literal. */
const PLAIN: ReadonlySet<string> = new Set(['CURRENT_TIMESTAMP', 'LOCALTIME', 'LOCALTIMESTAMP', 'NOW']);

/** In expressions that the other family cannot work out. */
const UNKNOWN: Readonly<Record<Flavor, ReadonlySet<string>>> = {
  mysql: new Set(['LASTVAL', 'NEXT', 'NEXTVAL', 'SETVAL', 'SYS_GUID', 'UUID_V4', 'UUID_V7']),
  mariadb: new Set(['BIN_TO_UUID', 'JSON', 'MEMBER', 'REGEXP_LIKE', 'RETURNING', 'UUID_TO_BIN']),
};

/** Types of which MySQL keeps the bytes, and reads no text. */
const BYTES: ReadonlySet<string> = new Set(['INET4', 'INET6', 'UUID']);

/** Types whose literals are expressions to MySQL. */
const LARGE = /^((TINY|MEDIUM|LONG)?(TEXT|BLOB)|JSON|CLOB|LONG)$/;

/** Expressions stand in parentheses in MySQL; those that the target has not are left out: rows have their values. */
export function rewriteDefaults(pieces: readonly Piece[], to: Flavor): void {
  pieces.forEach((piece, at) => {
    const first = pieces[at + 1];
    if (piece.word !== 'DEFAULT' || first === undefined || first.word === 'NULL') return;
    // Behind the columns it is the table's character set.
    if (piece.depth === 0 && pieces[0]?.word === 'CREATE') return;
    const end = endOf(pieces, at + 1);
    const words = pieces.slice(at + 1, end + 1);
    const column = definitionAround(pieces, at);
    const type = column.slice(0, column.indexOf(piece)).filter(({ token }) => token === Token.WORD);
    const isBytes = to === 'mysql' && type.some(({ word }) => BYTES.has(word));
    if (isBytes || words.some(({ word }) => UNKNOWN[to].has(word))) [piece, ...words].forEach(gone);
    else if (
      to === 'mysql' &&
      first.text !== '(' &&
      (isCall(pieces, at + 1) || type.some(({ word }) => LARGE.test(word)))
    ) {
      first.text = `(${first.text}`;
      pieces[end]!.text += ')';
    }
  });
}

/** A function that MySQL takes in parentheses alone. */
const isCall = (pieces: readonly Piece[], at: number): boolean =>
  pieces[at]!.token === Token.WORD && pieces[at + 1]?.text === '(' && !PLAIN.has(pieces[at]!.word);

/** Where the value behind DEFAULT ends. */
function endOf(pieces: readonly Piece[], at: number): number {
  const { depth, word } = pieces[at]!;
  // NEXT VALUE FOR [schema.]sequence
  if (word === 'NEXT') return pieces[at + 4]?.text === '.' ? at + 5 : at + 3;
  const open = pieces[at]!.text === '(' ? at : at + 1;
  if (pieces[open]?.text !== '(') return at;
  return pieces.findIndex((piece, index) => index > open && piece.text === ')' && piece.depth === depth);
}
