import type { Flavor } from '../../../binlog/index.ts';
import {
  charsetOfCollationName,
  collationId,
  decodeText,
  encodeText,
  findCharset,
} from '../../../charset/index.ts';
import { type LexerOptions, SqlLexer, Token } from '../../../sql/index.ts';
import type { SchemaNames } from '../../rename-schemas.ts';

/** Comment of the column that says until when a row of a versioned table holds, in a table without versions. */
export const ROW_END_COMMENT = 'AS ROW END';

interface Piece {
  text: string;
  readonly word: string;
  readonly token: Token;
  /** Whether something stood between it and the piece before it. */
  readonly gap: boolean;
  /** Parentheses around it. */
  readonly depth: number;
}

const gone = (piece: Piece | undefined): void => {
  if (piece !== undefined) piece.text = '';
};

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
  },
  mariadb: {},
};

/** First words of what is no column in a table's definition. */
const NO_COLUMN: ReadonlySet<string> = new Set([
  'PRIMARY',
  'UNIQUE',
  'KEY',
  'INDEX',
  'CONSTRAINT',
  'CHECK',
  'FOREIGN',
  'FULLTEXT',
  'SPATIAL',
  'VECTOR',
  'PERIOD',
  'LIKE',
]);

const FLOATING: ReadonlySet<string> = new Set(['FLOAT', 'DOUBLE', 'REAL']);

/** DOUBLE(M,D) → DOUBLE: the families round in their own ways, and each keeps values that the other's rounding does not make. */
function wholeFloat(pieces: readonly Piece[], at: number): void {
  const open = pieces[at + 1]?.word === 'PRECISION' ? at + 2 : at + 1;
  const isScaled = pieces[open]?.text === '(' && pieces[open + 2]?.text === ',';
  if (isScaled) pieces.slice(open, open + 5).forEach(gone);
}

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

function piecesOf(sql: string, options: LexerOptions): Piece[] {
  const bytes = Buffer.from(sql);
  const lexer = new SqlLexer(bytes, { ...options, charset: 'utf8mb4' });
  const pieces: Piece[] = [];
  let depth = 0;
  let last = 0;
  while (lexer.next() !== Token.END) {
    if (lexer.isSymbol(')')) depth -= 1;
    const { token, word, start, end } = lexer;
    pieces.push({ text: bytes.toString('utf8', start, end), word, token, gap: start > last, depth });
    last = end;
    if (lexer.isSymbol('(')) depth += 1;
  }
  return pieces;
}

const isName = ({ token }: Piece): boolean => token === Token.WORD || token === Token.QUOTED;

/** Where the types of columns stand: behind the names of columns. */
function* typePlaces(pieces: readonly Piece[], isAlter: boolean): Generator<number, void, undefined> {
  for (let at = 0; at < pieces.length - 2; at += 1) {
    const piece = pieces[at]!;
    const opens = piece.text === '(' && piece.depth === 0;
    const next = pieces[at + 1]!;
    if (!isAlter) {
      const begins = opens || (piece.text === ',' && piece.depth === 1);
      if (begins && isName(next) && !(next.token === Token.WORD && NO_COLUMN.has(next.word))) yield at + 2;
    } else if (piece.depth === 0 && ['ADD', 'MODIFY', 'CHANGE'].includes(piece.word)) {
      let name = at + 1;
      if (pieces[name]?.word === 'COLUMN') name += 1;
      while (['IF', 'NOT', 'EXISTS'].includes(pieces[name]?.word ?? '')) name += 1;
      if (piece.word === 'CHANGE') name += 1;
      const named = pieces[name];
      if (named !== undefined && isName(named) && !NO_COLUMN.has(named.word)) yield name + 1;
    }
  }
}

/** A collation of the target for one that it has not. Its own bytes tell texts apart at least as finely. */
function collationFor(name: string, to: Flavor): string {
  const plain = name.replace(/^[`'"]|[`'"]$/g, '').toLowerCase();
  if (collationId(plain, to) !== undefined) return plain;
  const charset = charsetOfCollationName(plain)?.name ?? 'utf8mb4';
  const known = charsetFor(charset, to);
  const kin =
    to === 'mysql' && /uca1400.*_ai_ci$/.test(plain) && known === 'utf8mb4' ? 'utf8mb4_0900_ai_ci' : '';
  return kin === '' ? `${known}_bin` : kin;
}

const charsetFor = (name: string, to: Flavor): string => {
  const plain = name.replace(/^[`'"]|[`'"]$/g, '').toLowerCase();
  return to === 'mariadb' && plain === 'gb18030' ? 'utf8mb4' : (findCharset(plain)?.name ?? plain);
};

/** The place of an option's value: behind `=`, if there is one. */
const valueAt = (pieces: readonly Piece[], at: number): number =>
  pieces[at + 1]?.text === '=' ? at + 2 : at + 1;

function rewriteCollations(pieces: readonly Piece[], to: Flavor): void {
  pieces.forEach((piece, at) => {
    if (piece.word === 'COLLATE') {
      const value = pieces[valueAt(pieces, at)];
      if (value !== undefined && value.word !== 'DEFAULT') value.text = collationFor(value.text, to);
    }
    const isCharset =
      piece.word === 'CHARSET' || (piece.word === 'SET' && pieces[at - 1]?.word === 'CHARACTER');
    if (!isCharset) return;
    const value = pieces[valueAt(pieces, at)];
    if (value !== undefined && value.word !== 'DEFAULT') value.text = charsetFor(value.text, to);
  });
}

/** Attributes of columns that one family has, or writes otherwise. */
function rewriteColumns(pieces: readonly Piece[], to: Flavor): void {
  pieces.forEach((piece, at) => {
    const before = pieces[at - 1];
    const after = pieces[at + 1];
    if (to === 'mysql') {
      // Of MySQL, no generated column may depend on one that counts by itself.
      if (piece.word === 'AUTO_INCREMENT' && piece.depth === 1 && isReferenced(pieces, at)) piece.text = '';
      if (piece.word === 'PERSISTENT') piece.text = 'STORED';
      if (piece.word === 'COMPRESSED' && before?.text !== '=' && before?.word !== 'ROW_FORMAT') {
        (after?.text === '=' ? [piece, after, pieces[at + 2]] : [piece]).forEach(gone);
      }
      return;
    }
    if (piece.word === 'SRID' && after?.token === Token.NUMBER) [piece, after].forEach(gone);
    if (piece.word === 'VISIBLE') piece.text = '';
    if (piece.word !== 'INVISIBLE') return;
    // MariaDB hides no column that a row must name.
    const words = new Set(definitionAround(pieces, at).map(({ word }) => word));
    if (words.has('NOT') && !words.has('DEFAULT') && !words.has('AS')) piece.text = '';
  });
}

/** Whether an expression of the table names the column whose definition stands here. */
function isReferenced(pieces: readonly Piece[], at: number): boolean {
  const name = plainName(definitionAround(pieces, at)[0]!);
  return pieces.some(
    (piece, index) =>
      piece.depth > 1 &&
      isName(piece) &&
      plainName(piece) === name &&
      definitionAround(pieces, lastAtDepth(pieces, index, 1)).some(({ word }) => word === 'AS'),
  );
}

const plainName = ({ text }: Piece): string => text.replace(/^`|`$/g, '').toLowerCase();

function lastAtDepth(pieces: readonly Piece[], from: number, depth: number): number {
  let at = from;
  while (pieces[at]!.depth > depth) at -= 1;
  return at;
}

/** The pieces between the commas around a piece. */
function definitionAround(pieces: readonly Piece[], at: number): readonly Piece[] {
  const { depth } = pieces[at]!;
  const isEdge = (piece: Piece): boolean =>
    (piece.depth === depth && piece.text === ',') || piece.depth < depth;
  let [start, end] = [at, at];
  while (start > 0 && !isEdge(pieces[start - 1]!)) start -= 1;
  while (end < pieces.length && !isEdge(pieces[end]!)) end += 1;
  return pieces.slice(start, end);
}

/** WITH SYSTEM VERSIONING: the columns that say when a row held become ordinary ones. */
function rewriteVersions(pieces: readonly Piece[]): string {
  let isVersioned = false;
  let hasPeriod = false;
  pieces.forEach((piece, at) => {
    const [next, then] = [pieces[at + 1], pieces[at + 2]];
    if (next?.word === 'SYSTEM' && then?.word === 'VERSIONING') {
      if (piece.word === 'WITH' && piece.depth === 0) isVersioned = true;
      if (piece.word === 'WITH' || piece.word === 'WITHOUT') [piece, next, then].forEach(gone);
    }
    if (piece.word === 'ROW' && (next?.word === 'START' || next?.word === 'END')) {
      // [GENERATED ALWAYS] AS ROW START
      for (
        let back = at;
        back > 0 && ['ROW', 'AS', 'ALWAYS', 'GENERATED'].includes(pieces[back]!.word);
        back -= 1
      )
        gone(pieces[back]);
      // Beyond what a TIMESTAMP of MySQL reaches.
      const type = definitionAround(pieces, at)[1];
      if (type?.word === 'TIMESTAMP') type.text = 'DATETIME';
      next.text = next.word === 'END' ? `COMMENT '${ROW_END_COMMENT}'` : '';
    }
    if (piece.word === 'PERIOD' && next?.word === 'FOR' && piece.depth === 1) {
      const end = pieces.findIndex((other, index) => index > at && other.text === ')' && other.depth === 1);
      gone(pieces[at - 1]);
      pieces.slice(at, end + 1).forEach(gone);
      hasPeriod = true;
    }
  });
  return isVersioned && !hasPeriod
    ? `, row_start DATETIME(6) NOT NULL DEFAULT '1970-01-01 00:00:00' INVISIBLE, row_end DATETIME(6) NOT NULL DEFAULT '9999-12-31 00:00:00' INVISIBLE COMMENT '${ROW_END_COMMENT}'`
    : '';
}

/** Options behind the definition that say where and how one family stores the table. */
function rewriteOptions(pieces: readonly Piece[]): void {
  pieces.forEach((piece, at) => {
    if (piece.depth !== 0) return;
    const [next, then] = [pieces[at + 1], pieces[at + 2]];
    if (piece.word === 'PARTITION' && next?.word === 'BY') pieces.slice(at).forEach(gone);
    if (piece.word === 'START' && next?.word === 'TRANSACTION') [piece, next].forEach(gone);
    if (!STORAGE.has(piece.word) || !(next?.text === '=' || (piece.word === 'ENGINE' && next !== undefined)))
      return;
    (next.text === '=' ? [piece, next, then] : [piece, next]).forEach(gone);
    // ALTER TABLE lists what it does.
    if (pieces[at - 1]?.text === ',' && pieces[at - 1]?.depth === 0) gone(pieces[at - 1]);
  });
}

const unquoted = (text: string): string =>
  /^([`"]).*\1$/s.test(text) ? text.slice(1, -1).replaceAll(text[0]! + text[0]!, text[0]!) : text;

/** Schemas that a definition names get the names they have in the target. */
function renameQualifiers(pieces: readonly Piece[], nameOf: SchemaNames): void {
  pieces.forEach((piece, at) => {
    const before = pieces[at - 1]?.word;
    const isQualifier =
      isName(piece) && pieces[at + 1]?.text === '.' && (piece.depth === 0 || before === 'REFERENCES');
    const isSchema = isName(piece) && at === schemaPlace(pieces);
    if (isQualifier || isSchema) piece.text = `\`${nameOf(unquoted(piece.text)).replaceAll('`', '``')}\``;
  });
}

/** Where CREATE, ALTER and DROP DATABASE name it; -1: they do not, or it is another statement. */
function schemaPlace(pieces: readonly Piece[]): number {
  const at = pieces.findIndex(({ word }, index) => index < 4 && (word === 'DATABASE' || word === 'SCHEMA'));
  if (at < 0 || !['CREATE', 'ALTER', 'DROP'].includes(pieces[0]?.word ?? '')) return -1;
  let name = at + 1;
  while (['IF', 'NOT', 'EXISTS'].includes(pieces[name]?.word ?? '')) name += 1;
  return name;
}

/** A definition with the schemas that it names under their names in the target; in the character set it came in. */
export function renamed(
  sql: Uint8Array,
  options: LexerOptions & { readonly charset: string },
  nameOf: SchemaNames,
): Buffer {
  const pieces = piecesOf(decodeText(sql, options.charset), options);
  renameQualifiers(pieces, nameOf);
  return encodeText(joined(pieces), options.charset);
}

function joined(pieces: readonly Piece[]): string {
  let text = '';
  let gap = false;
  for (const piece of pieces) {
    // What was left out leaves its space, except before what needs none.
    gap = piece.gap || (gap && piece.text !== ',' && piece.text !== ')');
    if (piece.text === '') continue;
    text += (gap && text !== '' ? ' ' : '') + piece.text;
    gap = false;
  }
  return text;
}

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
  for (const at of typePlaces(pieces, isAlter)) {
    const type = pieces[at]!;
    type.text = TYPES[to][type.word] ?? type.text;
    if (FLOATING.has(type.word)) wholeFloat(pieces, at);
  }
  rewriteColumns(pieces, to);
  const added = to === 'mysql' ? rewriteVersions(pieces) : '';
  rewriteOptions(pieces);
  if (added !== '') {
    const close = pieces.findLast((piece) => piece.text === ')' && piece.depth === 0);
    if (close !== undefined) close.text = `${added})`;
  }
  return [...before, joined(pieces)];
}
