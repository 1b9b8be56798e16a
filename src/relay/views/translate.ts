import { ServerError } from '../../errors/index.ts';
import { nameValue, SqlLexer, stringValue, syntaxError, Token, variableName } from '../../sql/index.ts';
import { functionNames } from './functions.ts';
import { impliedName } from './implied-name.ts';
import { CLAUSES, type Clause, NO_FUNCTIONS, REFUSED, SKIPPED, SYMBOLS } from './query-words.ts';

/** What a query may ask of whoever asks it. */
export interface QueryContext {
  /** The default schema; undefined: none. */
  readonly schema: string | undefined;
  /** Value of `@name` or `@@scope.name`, as SQLite takes it. */
  variable(name: ReturnType<typeof variableName>): string | number | null;
  /** Functions without arguments: NOW(), VERSION(), … Undefined: there is none of that name. */
  value(name: string): string | number | null | undefined;
  /** Values of functions that have to be waited for, by the text of their call. */
  readonly awaited: ReadonlyMap<string, string | number | null>;
  /**
   * Columns, in small letters, that are kept as digits and are numbers wherever they are computed with. What stands alone in the
   * outermost list of columns stays as it is kept.
   */
  readonly exact?: ReadonlySet<string>;
}

/** A table a query reads. */
export interface TableReference {
  readonly schema: string;
  readonly table: string;
}

export interface Translation {
  /** For SQLite. */
  readonly sql: string;
  readonly tables: readonly TableReference[];
}

/** ER_NOT_SUPPORTED_YET */
export const notSupported = (what: string, hint = ''): ServerError =>
  new ServerError(1235, '42000', `This relay doesn't yet support '${what}'${hint === '' ? '' : `. ${hint}`}`);

const noSchema = (): ServerError => new ServerError(1046, '3D000', 'No database selected');
const unknownFunction = (name: string): ServerError =>
  new ServerError(1305, '42000', `FUNCTION ${name} does not exist`);

/**
 * Rewrites a query of MySQL's into one for SQLite. It is a whitelist throughout: tables must be named as `schema.table` or be found in
 * the default schema by the caller, functions must be known, and what could reach a file or another database is refused here.
 */
export function translateQuery(text: string, context: QueryContext): Translation {
  const { exact } = context;
  if (exact === undefined || exact.size === 0) return new Translator(text, context).run();
  // Which items are columns alone is known at their end: a first reading finds out.
  const first = new Translator(text, { ...context, exact: new Set() });
  first.run();
  return new Translator(text, context, first.plainItems).run();
}

interface Level {
  clause: Clause;
  expectsTable: boolean;
  /** Of GROUP_CONCAT: where in the text its ORDER BY begins; -1: nowhere yet. */
  orderAt?: number;
}

/** Tables that a query may come to name through its WITH: more is no query of a person. */
const MAX_TABLES = 200;

class Translator {
  readonly #lexer: SqlLexer;
  readonly #context: QueryContext;
  readonly #tables: TableReference[] = [];
  readonly #levels: Level[] = [{ clause: 'none', expectsTable: false }];
  #sql = '';
  #lastEnd = -1;
  /** The item of the first column list that is being read: where it starts, and what it is made of. */
  #item: { start: number; end: number; tokens: { token: number; text: string }[] } | undefined;
  #namedColumns = false;
  #opensConcat = false;
  /** What WITH named before, and the tables behind each. */
  readonly #named = new Map<string, readonly TableReference[]>();
  /** Of the items of the first column list: whether they are a column and nothing else. */
  readonly #plainItems: boolean[] = [];
  readonly #known: readonly boolean[] | undefined;

  constructor(text: string, context: QueryContext, plainItems?: readonly boolean[]) {
    this.#known = plainItems;
    this.#lexer = new SqlLexer(Buffer.from(text));
    this.#context = context;
  }

  run(): Translation {
    const lexer = this.#lexer;
    lexer.next();
    while (lexer.token !== Token.END) this.#step();
    this.#endItem(true);
    return { sql: this.#sql, tables: this.#tables };
  }

  get plainItems(): readonly boolean[] {
    return this.#plainItems;
  }

  get #level(): Level {
    return this.#levels.at(-1)!;
  }

  #step(): void {
    const lexer = this.#lexer;
    switch (lexer.token) {
      case Token.WORD:
        return this.#word();
      case Token.STRING:
        this.#emit(quote(stringValue(lexer.text)));
        return this.#next();
      case Token.QUOTED:
        if (this.#level.expectsTable) return this.#table();
        if (this.#isExact()) return this.#exactColumn();
        this.#emit(quoteName(nameValue(lexer.text)));
        return this.#next();
      case Token.VARIABLE: {
        const value = this.#context.variable(variableName(lexer.text));
        this.#emit(literal(value));
        return this.#next();
      }
      case Token.SYMBOL:
        return this.#symbol();
      default:
        this.#emit(lexer.text);
        return this.#next();
    }
  }

  #word(): void {
    const lexer = this.#lexer;
    const { word, text, start, end } = lexer;
    if (text.startsWith('$$')) throw syntaxError(lexer.bytes.toString('utf8', start), 1);
    if (REFUSED.has(word)) throw notSupported(word);
    if (word === 'WITH') return this.#with();
    if (word === 'RLIKE') {
      this.#emit('REGEXP');
      return this.#next();
    }
    if (word === 'SEPARATOR' && this.#level.orderAt !== undefined) return this.#separator(this.#level);
    if (word === 'ORDER' && this.#level.orderAt === -1) this.#level.orderAt = this.#sql.length;
    if (this.#level.expectsTable && !(word in CLAUSES) && word !== 'LATERAL') return this.#table();
    if (SKIPPED.has(word)) return this.#skip();
    if (word === 'COLLATE') {
      this.#skip();
      return this.#skip();
    }
    // CAST(x AS CHAR CHARACTER SET utf8mb4): there is one character set here.
    if (word === 'CHARACTER') {
      this.#skip();
      if (lexer.word !== 'SET') throw this.#unexpected();
      this.#skip();
      return this.#skip();
    }
    if (word === 'FOR' || (word === 'LOCK' && this.#levels.length === 1)) return this.#toEnd();
    // `_utf8mb4'text'`, `N'text'`
    if (/^(_[a-z0-9]+|n)$/i.test(text)) {
      lexer.next();
      if (lexer.token === Token.STRING) return;
      this.#note(Token.WORD, text, end);
      this.#append(quoteName(text), start, end);
      return;
    }
    const clause = Object.hasOwn(CLAUSES, word) ? CLAUSES[word] : undefined;
    if (clause === undefined && word !== 'JOIN' && word !== 'AS' && this.#isExact())
      return this.#exactColumn();
    if (clause !== undefined) return this.#clause(word, clause);
    if (word === 'JOIN') this.#level.expectsTable = true;
    lexer.next();
    if (lexer.isSymbol('(') && !NO_FUNCTIONS.has(word)) return this.#call(word, text, start, end);
    this.#note(Token.WORD, text, end);
    const bare = this.#context.value(`${word} `);
    // SQLite reads `$x` as a parameter, MySQL as a name.
    const name = /^\w+$/.test(text) ? text : quoteName(nameValue(text));
    this.#append(bare === undefined ? name : literal(bare), start, end);
  }

  /**
   * WITH name [(columns)] AS (query), … in front of a query: the names stand for the tables behind them. A query does not see its own
   * name, so nothing goes on for ever.
   */
  #with(): void {
    const lexer = this.#lexer;
    if (this.#sql !== '') throw notSupported('WITH inside a query', 'Put it in front');
    this.#emit('WITH', false);
    this.#next();
    for (;;) {
      const name = nameValue(lexer.text).toLowerCase();
      if (lexer.word === 'RECURSIVE') throw notSupported('WITH RECURSIVE');
      if (lexer.token !== Token.WORD && lexer.token !== Token.QUOTED) throw this.#unexpected();
      if (name.startsWith('sqlite_')) throw notSupported(`the name ${name}`);
      this.#emit(quoteName(name), false);
      this.#next();
      if (lexer.isSymbol('(')) this.#parenthesis();
      if (lexer.word !== 'AS') throw this.#unexpected();
      this.#emit(' AS ', false);
      this.#next();
      if (!lexer.isSymbol('(')) throw this.#unexpected();
      const before = this.#tables.length;
      this.#parenthesis();
      // They count where the name is used.
      this.#named.set(name, this.#tables.splice(before));
      if (!lexer.isSymbol(',')) return;
      this.#emit(',', false);
      this.#next();
    }
  }

  /** From `(` to behind its `)`. */
  #parenthesis(): void {
    const depth = this.#levels.length;
    this.#step();
    while (this.#levels.length > depth) {
      if (this.#lexer.token === Token.END) throw this.#unexpected();
      this.#step();
    }
  }

  #unexpected(): ServerError {
    return syntaxError(this.#lexer.bytes.toString('utf8', this.#lexer.start), 1);
  }

  /** GROUP_CONCAT(x ORDER BY y SEPARATOR 's'): SQLite has it in front of ORDER. */
  #separator(level: Level): void {
    const lexer = this.#lexer;
    lexer.next();
    if (lexer.token !== Token.STRING) throw this.#unexpected();
    const at = level.orderAt === undefined || level.orderAt < 0 ? this.#sql.length : level.orderAt;
    const text = quote(stringValue(lexer.text));
    this.#sql = `${this.#sql.slice(0, at)}, ${text}${this.#sql.slice(at)}`;
    this.#note(lexer.token, lexer.text, lexer.end);
    lexer.next();
  }

  #clause(word: string, clause: Clause): void {
    const level = this.#level;
    const outer = this.#levels.length === 1;
    if (outer && this.#item !== undefined) this.#endItem(true);
    level.clause = clause;
    level.expectsTable = clause === 'from';
    this.#emit(word, false);
    this.#next();
    if (clause !== 'select' || !outer || this.#namedColumns) return;
    while (SKIPPED.has(this.#lexer.word) || this.#lexer.word === 'DISTINCT' || this.#lexer.word === 'ALL') {
      if (SKIPPED.has(this.#lexer.word)) this.#skip();
      else {
        this.#emit(this.#lexer.text, false);
        this.#next();
      }
    }
    this.#item = { start: this.#lexer.start, end: this.#lexer.start, tokens: [] };
  }

  /** Whether a path of names begins here that ends in a column of exact digits, and is computed with. */
  #isExact(): boolean {
    const { exact } = this.#context;
    if (exact === undefined || exact.size === 0) return false;
    if (
      this.#item !== undefined &&
      this.#levels.length === 1 &&
      this.#known?.[this.#plainItems.length] === true
    )
      return false;
    if (/(^|\s)AS\s*$/i.test(this.#sql)) return false;
    const { bytes, start } = this.#lexer;
    const path = PATH.exec(bytes.toString('latin1', start, start + MAX_PATH))?.[0];
    const last = path === undefined ? undefined : /(`(?:[^`]|``)+`|[^.`\s]+)\s*$/.exec(path)?.[1];
    return last !== undefined && exact.has(Buffer.from(nameValue(last), 'latin1').toString().toLowerCase());
  }

  /** `a.b.c` as a number, whole. */
  #exactColumn(): void {
    const lexer = this.#lexer;
    const { start } = lexer;
    const parts: string[] = [];
    let end = lexer.end;
    for (;;) {
      parts.push(quoteName(nameValue(lexer.text)));
      this.#note(lexer.token, lexer.text, lexer.end);
      end = lexer.end;
      lexer.next();
      if (!lexer.isSymbol('.')) break;
      this.#note(lexer.token, lexer.text, lexer.end);
      lexer.next();
    }
    this.#append(`CAST(${parts.join('.')} AS REAL)`, start, end);
  }

  /** A table behind FROM, JOIN or a comma. */
  #table(): void {
    const lexer = this.#lexer;
    let schema: string | undefined;
    let table = nameValue(lexer.text);
    const { start } = lexer;
    let { end } = lexer;
    this.#level.expectsTable = false;
    lexer.next();
    if (lexer.isSymbol('.')) {
      lexer.next();
      schema = table;
      table = nameValue(lexer.text);
      end = lexer.end;
      lexer.next();
    } else if (table.toUpperCase() === 'DUAL') {
      // SQLite has no DUAL and needs none: a row of nothing stands for it.
      this.#append('(SELECT 1) AS "dual"', start, end);
      return;
    }
    const named = schema === undefined ? this.#named.get(table.toLowerCase()) : undefined;
    if (named !== undefined) {
      this.#tables.push(...named);
      if (this.#tables.length > MAX_TABLES) throw notSupported(`more than ${MAX_TABLES} tables`);
      this.#append(quoteName(table.toLowerCase()), start, end);
      return;
    }
    schema ??= this.#context.schema;
    if (schema === undefined) throw noSchema();
    if (lexer.isSymbol('(')) throw unknownFunction(`${schema}.${table}`);
    this.#tables.push({ schema: schema.toLowerCase(), table: table.toLowerCase() });
    this.#append(`${quoteName(schema.toLowerCase())}.${quoteName(table.toLowerCase())}`, start, end);
  }

  #call(word: string, text: string, start: number, end: number): void {
    const lexer = this.#lexer;
    const awaitedText = this.#awaitedCall(start);
    if (awaitedText !== undefined) {
      const value = this.#context.awaited.get(awaitedText) ?? null;
      const callEnd = start + Buffer.byteLength(awaitedText);
      this.#note(Token.WORD, 'CALL', callEnd);
      this.#note(Token.SYMBOL, ')', callEnd);
      this.#append(literal(value), start, callEnd);
      return;
    }
    const native = Object.hasOwn(functionNames, word) ? functionNames[word] : undefined;
    const value = this.#context.value(word);
    if (native === undefined && value === undefined) throw unknownFunction(text);
    this.#opensConcat = word === 'GROUP_CONCAT';
    this.#note(Token.WORD, text, end);
    // With arguments it is computed: UNIX_TIMESTAMP() and UNIX_TIMESTAMP(x) are two things.
    if (value === undefined || (native !== undefined && !this.#isEmptyCall())) {
      this.#append(native!, start, end);
      return;
    }
    // Nothing to compute: the call is its value. A precision, as in NOW(6), is taken and not looked at.
    while (lexer.token !== Token.END && !lexer.isSymbol(')')) {
      lexer.next();
      if (lexer.token !== Token.NUMBER && !lexer.isSymbol(')')) throw notSupported(`${text} with arguments`);
    }
    this.#note(Token.SYMBOL, ')', lexer.end);
    this.#append(literal(value), start, lexer.end);
    lexer.next();
  }

  /** With `(` at hand: whether `)` follows at once. */
  #isEmptyCall(): boolean {
    const { bytes, end } = this.#lexer;
    return /^\s*\)/.test(bytes.toString('latin1', end, end + 64));
  }

  /** The whole text of a call whose value was waited for; goes behind it. */
  #awaitedCall(start: number): string | undefined {
    const lexer = this.#lexer;
    for (const call of this.#context.awaited.keys()) {
      if (lexer.bytes.toString('utf8', start, start + Buffer.byteLength(call)) !== call) continue;
      const end = start + Buffer.byteLength(call);
      while (lexer.token !== Token.END && lexer.start < end) lexer.next();
      return call;
    }
    return undefined;
  }

  #symbol(): void {
    const lexer = this.#lexer;
    const { text, start, bytes } = lexer;
    const two = bytes.toString('latin1', start, start + 2);
    if (!SYMBOLS.has(text)) throw syntaxError(bytes.toString('utf8', start), 1);
    if (text === '(') {
      const { expectsTable } = this.#level;
      this.#level.expectsTable = false;
      this.#levels.push({
        clause: expectsTable ? 'from' : 'none',
        expectsTable,
        ...(this.#opensConcat ? { orderAt: -1 } : {}),
      });
      this.#opensConcat = false;
    } else if (text === ')') {
      if (this.#levels.length > 1) this.#levels.pop();
    } else if (text === ',') {
      const { clause } = this.#level;
      if (this.#levels.length === 1 && clause === 'select' && this.#item !== undefined) this.#endItem(false);
      if (clause === 'from') this.#level.expectsTable = true;
      // To SQLite, the second is what stands between.
      if (this.#level.orderAt === -1) throw notSupported('GROUP_CONCAT of several values', 'CONCAT them');
    } else if (text === ':') {
      if (two === ':=') throw notSupported('assignment in a query');
      throw syntaxError(bytes.toString('utf8', start), 1);
    } else if (bytes.toString('latin1', start, start + 3) === '<=>') {
      lexer.next();
      lexer.next();
      this.#emit(' IS ');
      return this.#next();
    } else if (two === '||' || two === '&&') {
      lexer.next();
      this.#emit(two === '||' ? ' OR ' : ' AND ');
      return this.#next();
    } else if (text === '!' && two !== '!=') {
      this.#emit(' NOT ');
      return this.#next();
    }
    this.#emit(text);
    if (text === ',' && this.#item !== undefined && this.#levels.length === 1) {
      this.#next();
      this.#item = { start: this.#lexer.start, end: this.#lexer.start, tokens: [] };
      return;
    }
    return this.#next();
  }

  /** Closes an item of the first column list: what has no name gets its own text, as the servers name it. */
  #endItem(last: boolean): void {
    const item = this.#item;
    if (item === undefined) return;
    this.#plainItems.push(isPlainColumn(item.tokens));
    if (last) {
      this.#item = undefined;
      this.#namedColumns = true;
    }
    const name = impliedName(item.tokens, () =>
      this.#lexer.bytes.toString('utf8', item.start, item.end).trim(),
    );
    if (name !== undefined) this.#sql += ` AS ${quoteName(name)} `;
  }

  #emit(sql: string, counts = true): void {
    const { token, text, start, end } = this.#lexer;
    if (counts) this.#note(token, text, end);
    this.#append(sql, start, end);
  }

  /** Operators of several characters and decimals come as several tokens: what touched, touches. */
  #append(sql: string, start: number, end: number): void {
    this.#sql += this.#lastEnd === start ? sql : ` ${sql}`;
    this.#lastEnd = end;
  }

  #note(token: number, text: string, end: number): void {
    if (this.#item === undefined) return;
    this.#item.tokens.push({ token, text });
    this.#item.end = end;
  }

  #next(): void {
    this.#lexer.next();
  }

  #skip(): void {
    this.#lexer.next();
  }

  #toEnd(): void {
    while (this.#lexer.token !== Token.END) this.#lexer.next();
  }
}

const PATH = /^(?:`(?:[^`]|``)+`|[\w$\x80-\xff]+)(?:\s*\.\s*(?:`(?:[^`]|``)+`|[\w$\x80-\xff]+))*(?!\s*[(.])/;
/** Three names of 64 characters. */
const MAX_PATH = 1024;

/** `a.b`, perhaps with another name behind it. */
function isPlainColumn(tokens: readonly { readonly token: number; readonly text: string }[]): boolean {
  const isName = ({ token }: { readonly token: number }): boolean =>
    token === Token.WORD || token === Token.QUOTED;
  let at = 0;
  while (at < tokens.length && isName(tokens[at]!)) {
    at += 1;
    if (tokens[at]?.text !== '.') break;
    at += 1;
  }
  if (at === 0) return false;
  if (tokens[at]?.text.toUpperCase() === 'AS') at += 1;
  return at >= tokens.length || (at === tokens.length - 1 && isName(tokens[at]!));
}

const quote = (text: string): string => `'${text.replaceAll("'", "''").replaceAll('\0', '')}'`;
const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A value as a literal of SQLite. */
export function literal(value: string | number | null): string {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : quote(value);
}
