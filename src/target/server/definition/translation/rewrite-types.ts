import type { Flavor } from '../../../../binlog/index.ts';
import { type LexerOptions, meantType, Token, TYPE_DIALECTS, typeDialect } from '../../../../sql/index.ts';
import { gone, isName, NO_COLUMN, type Piece } from './pieces.ts';

const BINARY_JSON = 'LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

/** Types that the other family has not, and what holds their bytes. */
const TYPES: Readonly<Record<Flavor, Readonly<Record<string, string>>>> = {
  mysql: {
    UUID: 'BINARY(16)',
    INET6: 'BINARY(16)',
    INET4: 'BINARY(4)',
    // MariaDB keeps the text as it was given; MySQL's own type would not.
    JSON: BINARY_JSON,
    XMLTYPE: 'LONGTEXT',
    CLOB: 'LONGTEXT',
    RAW: 'VARBINARY',
    VARCHAR2: 'VARCHAR',
    NUMBER: 'DECIMAL',
  },
  mariadb: { GEOMCOLLECTION: 'GEOMETRYCOLLECTION' },
};

const FLOATING: ReadonlySet<string> = new Set(['FLOAT', 'DOUBLE', 'REAL']);

/** DOUBLE(M,D) → DOUBLE: the families round in their own ways, and each keeps values that the other's rounding does not make. */
function wholeFloat(pieces: readonly Piece[], at: number): void {
  const open = pieces[at + 1]?.word === 'PRECISION' ? at + 2 : at + 1;
  const isScaled = pieces[open]?.text === '(' && pieces[open + 2]?.text === ',';
  if (isScaled) pieces.slice(open, open + 5).forEach(gone);
}

/** Where the types of columns stand: behind the names of columns. */
export function* typePlaces(pieces: readonly Piece[], isAlter: boolean): Generator<number, void, undefined> {
  for (let at = 0; at < pieces.length - 2; at += 1) {
    const piece = pieces[at]!;
    const opens = piece.text === '(' && piece.depth === 0;
    const next = pieces[at + 1]!;
    if (!isAlter && (opens || piece.depth > 0)) {
      const begins = opens || (piece.isComma && piece.depth === 1);
      if (begins && isName(next) && !(next.token === Token.WORD && NO_COLUMN.has(next.word))) yield at + 2;
    } else if (isAlter && piece.depth === 0 && ['ADD', 'MODIFY', 'CHANGE'].includes(piece.word)) {
      let name = at + 1;
      if (pieces[name]?.word === 'COLUMN') name += 1;
      while (['IF', 'NOT', 'EXISTS'].includes(pieces[name]?.word ?? '')) name += 1;
      if (piece.word === 'CHANGE') name += 1;
      const named = pieces[name];
      const isWhole = named !== undefined && name + 1 < pieces.length;
      if (isWhole && isName(named) && !NO_COLUMN.has(named.word)) yield name + 1;
    }
  }
}

/** Types of columns that the other family has under another name, or not. `options`: how the source reads them. */
export function rewriteTypes(
  pieces: readonly Piece[],
  options: LexerOptions,
  to: Flavor,
  isAlter: boolean,
): void {
  const usual = typeDialect(options);
  for (const place of typePlaces(pieces, isAlter)) {
    const qualified =
      pieces[place + 1]?.text === '.' ? TYPE_DIALECTS.get(pieces[place]!.word.toLowerCase()) : undefined;
    if (qualified !== undefined) pieces.slice(place, place + 2).forEach(gone);
    const at = qualified === undefined ? place : place + 2;
    const type = pieces[at];
    if (type === undefined) return;
    const meant = meantType(qualified ?? usual, type.word.toLowerCase(), pieces[at + 1]?.text === '(');
    type.text = meant?.toUpperCase() ?? TYPES[to][type.word] ?? type.text;
    if (FLOATING.has(type.word)) wholeFloat(pieces, at);
    // MySQL's has room for any vector up to its length, which is 2048 if nothing is said; MariaDB's for those of one length.
    if (to === 'mariadb' && type.word === 'VECTOR' && pieces[at + 1]?.text !== '(')
      type.text = 'VARBINARY(8192)';
    // YEAR(2) holds four digits since MariaDB 10 too.
    if (type.word === 'YEAR' && pieces[at + 1]?.text === '(') pieces.slice(at + 1, at + 4).forEach(gone);
  }
}
