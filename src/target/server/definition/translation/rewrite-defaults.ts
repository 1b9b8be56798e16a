import type { Flavor } from '../../../../binlog/index.ts';
import { Token } from '../../../../sql/index.ts';
import { changeAround } from './changes.ts';
import { definitionAround, gone, type Piece } from './pieces.ts';
import { typePlaces } from './rewrite-types.ts';
import { untold } from './untold.ts';

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

/**
 * Expressions stand in parentheses in MySQL; those that the target has not are left out: rows have their values.
 *
 * @param isRefused the target has refused the definition with them
 */
export function rewriteDefaults(pieces: readonly Piece[], to: Flavor, isRefused: boolean): void {
  const types = new Set(Array.from(typePlaces(pieces, pieces[0]?.word === 'ALTER'), (at) => pieces[at]!));
  pieces.forEach((piece, at) => {
    const first = pieces[at + 1];
    if (piece.word !== 'DEFAULT' || first === undefined || first.word === 'NULL') return;
    // Behind the columns it is the table's character set.
    if (piece.depth === 0 && (pieces[0]?.word === 'CREATE' || isOption(pieces, at))) return;
    const end = endOf(pieces, at + 1);
    const words = pieces.slice(at + 1, end + 1);
    const type = definitionAround(pieces, at).find((one) => types.has(one))?.word ?? '';
    const isBytes = to === 'mysql' && BYTES.has(type);
    const isSet = pieces[at - 1]?.word === 'SET';
    const isExpression = first.text === '(' || isCall(pieces, at + 1);
    const isUntaken = isRefused && (isSet || isExpression) && !isAdded(pieces, at);
    if (isUntaken || isBytes || words.some(({ word }) => UNKNOWN[to].has(word))) {
      // Rows that are there before the column have the value too.
      if (isAdded(pieces, at))
        throw untold(
          `ALTER TABLE adds ${addedName(pieces, at)}: what rows have there only the source can work out`,
        );
      if (isSet) pieces[at - 1]!.text = 'DROP';
      else gone(piece);
      words.forEach(gone);
    } else if (
      to === 'mysql' &&
      first.text !== '(' &&
      (isExpression || isColumn(pieces, at + 1) || LARGE.test(type))
    ) {
      first.text = `(${first.text}`;
      pieces[end]!.text += ')';
    }
  });
}

/** Whether it is a word of a table's options: DEFAULT CHARACTER SET, STATS_PERSISTENT = DEFAULT. */
const isOption = (pieces: readonly Piece[], at: number): boolean =>
  pieces[at - 1]?.text === '=' ||
  /^(CHAR(ACTER)? SET|CHARSET|COLLATE)\b/.test(`${pieces[at + 1]?.word} ${pieces[at + 2]?.word}`);

/** A function that MySQL takes in parentheses alone. */
const isCall = (pieces: readonly Piece[], at: number): boolean =>
  pieces[at]!.token === Token.WORD && pieces[at + 1]?.text === '(' && !PLAIN.has(pieces[at]!.word);

/** Another column's value. */
function isColumn(pieces: readonly Piece[], at: number): boolean {
  const { token, word } = pieces[at]!;
  const next = pieces[at + 1];
  // x'61', _utf8'a', DATE '2020-01-01'
  if (next?.token === Token.STRING && next.text !== '') return false;
  return token === Token.QUOTED || (token === Token.WORD && !PLAIN.has(word) && !LITERALS.has(word));
}

const LITERALS: ReadonlySet<string> = new Set(['FALSE', 'TRUE', 'VALUE']);

const isAdded = (pieces: readonly Piece[], at: number): boolean =>
  pieces[0]?.word === 'ALTER' && changeAround(pieces, at, 0)[0]?.word === 'ADD';

const addedName = (pieces: readonly Piece[], at: number): string =>
  changeAround(pieces, at, 0).find(({ word, text }) => text !== '' && !BEFORE_NAME.has(word))!.text;

const BEFORE_NAME: ReadonlySet<string> = new Set(['ADD', 'COLUMN', 'IF', 'NOT', 'EXISTS']);

/** Where the value behind DEFAULT ends. */
function endOf(pieces: readonly Piece[], begin: number): number {
  let at = begin;
  while (at + 1 < pieces.length && (pieces[at]!.text === '-' || pieces[at]!.text === '+')) at += 1;
  const { depth, word, text, token } = pieces[at]!;
  // NEXT VALUE FOR [schema.]sequence
  if (word === 'NEXT') return pieces[at + 4]?.text === '.' ? at + 5 : at + 3;
  // x'61', _utf8'a', DATE '2020-01-01'
  if (token === Token.WORD && pieces[at + 1]?.token === Token.STRING) return at + 1;
  if (token === Token.NUMBER || text === '.') return endOfNumber(pieces, at);
  const open = pieces[at]!.text === '(' ? at : at + 1;
  if (pieces[open]?.text !== '(') return at;
  const close = pieces.findIndex(
    (piece, index) => index > open && piece.text === ')' && piece.depth === depth,
  );
  return close < 0 ? pieces.length - 1 : close;
}

/** 1.5 is 1, a point and 5. */
function endOfNumber(pieces: readonly Piece[], at: number): number {
  let end = at;
  while (pieces[end + 1]?.gap === false && /^(\.|\d\w*)$/.test(pieces[end + 1]!.text)) end += 1;
  return end;
}
