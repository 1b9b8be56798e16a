import { bufferOf } from '../bytes/index.ts';
import type { Flavor } from '../charset/index.ts';
import { commentEnd, type ExecutableComment, executableComment } from './comments.ts';
import { type MultibyteLength, multibyteLength } from './multibyte.ts';

/**
 * Bits of `@@sql_mode` that change where a token or, with ORACLE in MariaDB, a stored program ends; and what types
 * are taken for: REAL_AS_FLOAT, and in MariaDB ORACLE and MAXDB.
 */
export const SqlMode = {
  REAL_AS_FLOAT: 0x1,
  ANSI_QUOTES: 0x4,
  ORACLE: 0x200,
  MAXDB: 0x1000,
  NO_BACKSLASH_ESCAPES: 0x10_0000,
} as const;

export const Token = {
  END: 0,
  /** An unquoted identifier or keyword. */
  WORD: 1,
  /** An identifier in backticks, or in double quotes under ANSI_QUOTES. */
  QUOTED: 2,
  STRING: 3,
  NUMBER: 4,
  /** `@name`, `@'name'`, `@@scope.name`. */
  VARIABLE: 5,
  /** One byte that is none of the above. */
  SYMBOL: 6,
} as const;
export type Token = (typeof Token)[keyof typeof Token];

/** What decides how a text of SQL is read. */
export interface LexerOptions {
  /** Bits of {@link SqlMode}; others are ignored. */
  readonly sqlMode?: number;
  readonly flavor?: Flavor;
  /** The server version that decides which comments like `/*!50100 … *\/` are code, as 80041 or 110800. */
  readonly version?: number;
  /** Character set of the text (`character_set_client`); matters where the second byte of a character may be ASCII. */
  readonly charset?: string;
}

/** The versions of comments are held against these unless the caller says otherwise: the newest servers known. */
export const NEWEST_VERSION: Readonly<Record<Flavor, number>> = { mysql: 90_700, mariadb: 110_800 };

const IDENTIFIER = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  const isWord = byte >= 0x80 || /[\w$]/.test(String.fromCharCode(byte));
  IDENTIFIER[byte] = isWord ? 1 : 0;
}
const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/**
 * Walks the tokens of MySQL's and MariaDB's SQL. {@link next} moves on and says what is there; {@link start} and
 * {@link end} bound it. Comments are skipped; executable comments are code or not, as the version says.
 */
export class SqlLexer {
  readonly bytes: Buffer;
  token: Token = Token.END;
  start = 0;
  end = 0;
  /** Where a quote or comment begins that does not end; behind the text: a comment that is code. */
  unclosedAt: number | undefined;
  /** Versions of the executable comments met so far, 0 where none was given; code or not. */
  readonly versions: Set<number> = new Set();
  /** Whether `$tag$ … $tag$` is a string (MySQL 9, bodies of routines in other languages). */
  dollarQuotes = false;
  readonly #escapes: boolean;
  readonly #ansiQuotes: boolean;
  readonly flavor: Flavor;
  readonly #version: number;
  readonly #multibyte: MultibyteLength | undefined;
  #inExecutable = false;

  constructor(sql: Uint8Array, options: LexerOptions = {}) {
    this.bytes = bufferOf(sql);
    const sqlMode = options.sqlMode ?? 0;
    this.#ansiQuotes = (sqlMode & SqlMode.ANSI_QUOTES) !== 0;
    this.#escapes = (sqlMode & SqlMode.NO_BACKSLASH_ESCAPES) === 0;
    this.flavor = options.flavor ?? 'mysql';
    this.#version = options.version ?? NEWEST_VERSION[this.flavor];
    this.#multibyte = options.charset === undefined ? undefined : multibyteLength(options.charset);
  }

  /** Whether a quote or comment does not end. */
  get malformed(): boolean {
    return this.unclosedAt !== undefined;
  }

  /** The upper-case text of a word; `''` for every other token, so that no quoted name passes for a keyword. */
  get word(): string {
    return this.token === Token.WORD ? this.text.toUpperCase() : '';
  }

  /** The raw text of the token, one character a byte. */
  get text(): string {
    return this.bytes.toString('latin1', this.start, this.end);
  }

  isSymbol(symbol: string): boolean {
    return this.token === Token.SYMBOL && this.bytes[this.start] === symbol.charCodeAt(0);
  }

  next(): Token {
    const { bytes } = this;
    let at = this.#skipSpaceAndComments(this.end);
    this.start = at;
    const byte = bytes[at];
    if (byte === undefined) {
      this.end = at;
      if (this.#inExecutable) this.unclosedAt ??= at;
      return (this.token = Token.END);
    }
    if (byte === 0x27) return this.#quoted(Token.STRING, at, this.#escapes);
    if (byte === 0x60) return this.#quoted(Token.QUOTED, at, false);
    if (byte === 0x22) {
      return this.#ansiQuotes
        ? this.#quoted(Token.QUOTED, at, false)
        : this.#quoted(Token.STRING, at, this.#escapes);
    }
    if (byte === 0x40) return this.#variable(at);
    if (byte === 0x24 && this.dollarQuotes && this.#dollarQuoted(at)) return this.token;
    if (IDENTIFIER[byte] === 1) {
      at = this.#wordEnd(at);
      this.end = at;
      return (this.token = isDigit(byte) ? Token.NUMBER : Token.WORD);
    }
    this.end = at + 1;
    return (this.token = Token.SYMBOL);
  }

  #wordEnd(from: number): number {
    const { bytes } = this;
    let at = from;
    while (at < bytes.length) {
      const length = this.#multibyte?.(bytes, at) ?? 1;
      if (length > 1) at += length;
      else if (IDENTIFIER[bytes[at]!] === 1) at += 1;
      else break;
    }
    return at;
  }

  #quoted(token: Token, at: number, escapes: boolean): Token {
    const { bytes } = this;
    const quote = bytes[at]!;
    this.token = token;
    for (let i = at + 1; i < bytes.length; i += 1) {
      const length = this.#multibyte?.(bytes, i) ?? 1;
      if (length > 1) {
        i += length - 1;
        continue;
      }
      const byte = bytes[i]!;
      if (byte === 0x5c && escapes) i += 1;
      else if (byte === quote) {
        if (bytes[i + 1] === quote) i += 1;
        else {
          this.end = i + 1;
          return token;
        }
      }
    }
    this.unclosedAt ??= at;
    this.end = bytes.length;
    return token;
  }

  #variable(start: number): Token {
    const { bytes } = this;
    let at = start + 1;
    if (bytes[at] === 0x40) at += 1;
    const quote = bytes[at];
    if (quote === 0x27 || quote === 0x22 || quote === 0x60) {
      this.#quoted(Token.VARIABLE, at, quote !== 0x60 && this.#escapes);
      return this.token;
    }
    while (at < bytes.length && (IDENTIFIER[bytes[at]!] === 1 || bytes[at] === 0x2e)) at += 1;
    this.end = at;
    return (this.token = Token.VARIABLE);
  }

  #dollarQuoted(at: number): boolean {
    const { bytes } = this;
    const tagEnd = bytes.indexOf(0x24, at + 1);
    for (let i = at + 1; i < tagEnd; i += 1) if (IDENTIFIER[bytes[i]!] === 0) return false;
    if (tagEnd < 0) return false;
    const tag = bytes.subarray(at, tagEnd + 1);
    const close = bytes.indexOf(tag, tagEnd + 1);
    if (close < 0) this.unclosedAt ??= at;
    this.end = close < 0 ? bytes.length : close + tag.length;
    this.token = Token.STRING;
    return true;
  }

  #skipSpaceAndComments(from: number): number {
    const { bytes } = this;
    let at = from;
    for (;;) {
      const byte = bytes[at];
      if (byte === undefined) return at;
      const following = bytes[at + 1];
      if (isSpace(byte)) at += 1;
      else if (byte === 0x23) at = this.#lineEnd(at);
      else if (byte === 0x2d && following === 0x2d && startsLineComment(bytes[at + 2]))
        at = this.#lineEnd(at);
      else if (byte === 0x2f && following === 0x2a) at = this.#comment(at);
      else if (this.#inExecutable && byte === 0x2a && following === 0x2f) {
        this.#inExecutable = false;
        at += 2;
      } else return at;
    }
  }

  #lineEnd(at: number): number {
    const newline = this.bytes.indexOf(0x0a, at);
    return newline < 0 ? this.bytes.length : newline + 1;
  }

  #comment(at: number): number {
    const executable: ExecutableComment | undefined = executableComment(this.bytes, at, this.flavor);
    if (executable !== undefined) {
      this.versions.add(executable.version);
      if (executable.mayRun && executable.version <= this.#version) {
        this.#inExecutable = true;
        return executable.codeStart;
      }
    }
    const end = commentEnd(this.bytes, at + 2, executable === undefined ? 0 : 1);
    if (end < 0) this.unclosedAt ??= at;
    return end < 0 ? this.bytes.length : end;
  }
}

/** `--` starts a comment only before a space, a control character or the end. */
const startsLineComment = (byte: number | undefined): boolean =>
  byte === undefined || byte <= 0x20 || byte === 0x7f;
