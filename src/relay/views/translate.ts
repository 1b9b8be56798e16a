import type { ServerError } from '../../errors/index.ts';
import { nameValue, type SqlLexer, stringValue, syntaxError, Token, variableName } from '../../sql/index.ts';
import { namesExactColumn } from './exact-column.ts';
import { functionNames } from './functions.ts';
import { OperandStarts } from './operand-starts.ts';
import { Operators, type ReadQuery } from './operators.ts';
import type { QueryContext, TableReference, Translation } from './query-context.ts';
import { QueryText } from './query-text.ts';
import {
  CALL_SYNTAX,
  type CallSyntax,
  CLAUSES,
  type Clause,
  LACKED,
  NO_FUNCTIONS,
  REFUSED,
  SKIPPED,
  SYMBOLS,
  UNIT_FIRST,
} from './query-words.ts';
import { noSchema, notSupported, unknownFunction } from './refusals.ts';
import { literal, quote, quoteName } from './sqlite-text.ts';

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
  readonly syntax?: CallSyntax | undefined;
  readonly starts: OperandStarts;
}

/** A hexadecimal literal is a text. */
const hexText = (digits: string): string => quote(Buffer.from(digits, 'hex').toString());

/** Tables that a query may come to name through its WITH: more is no query of a person. */
const MAX_TABLES = 200;

class Translator implements ReadQuery {
  readonly out: QueryText;
  readonly #operators: Operators;
  readonly #lexer: SqlLexer;
  readonly #context: QueryContext;
  readonly #tables: TableReference[] = [];
  readonly #levels: Level[] = [{ clause: 'none', expectsTable: false, starts: new OperandStarts(0) }];
  /** What the next parenthesis is, beside its clause. */
  #opens: Pick<Level, 'orderAt' | 'syntax'> = {};
  /** What WITH named before, and the tables behind each. */
  readonly #named = new Map<string, readonly TableReference[]>();
  readonly #known: readonly boolean[] | undefined;
  /** Of the next string. */
  #collation = '';

  constructor(text: string, context: QueryContext, plainItems?: readonly boolean[]) {
    this.#known = plainItems;
    this.out = new QueryText(text);
    this.#operators = new Operators(this);
    this.#lexer = this.out.lexer;
    this.#context = context;
  }

  run(): Translation {
    const lexer = this.#lexer;
    lexer.next();
    while (lexer.token !== Token.END) this.step();
    this.out.endItem(true);
    return { sql: this.out.sql, tables: this.#tables };
  }

  get plainItems(): readonly boolean[] {
    return this.out.items.plain;
  }

  get depth(): number {
    return this.#levels.length;
  }

  get level(): Level {
    return this.#levels.at(-1)!;
  }

  step(): void {
    const { token, word, text } = this.#lexer;
    const depth = this.#levels.length;
    this.#token();
    const { starts } = this.level;
    const { length } = this.out.sql;
    if (token === Token.WORD) starts.word(word, length);
    else if (token !== Token.SYMBOL) return;
    else if (text === ',' || this.#levels.length > depth) starts.begin(length);
    else if (text !== ')') starts.symbol(text, length);
  }

  #token(): void {
    const lexer = this.#lexer;
    switch (lexer.token) {
      case Token.WORD:
        return this.#word();
      case Token.STRING:
        this.out.emit(quote(stringValue(lexer.text)) + this.#collation);
        this.#collation = '';
        return this.#next();
      case Token.NUMBER:
        this.out.emit(/^0x/i.test(lexer.text) ? hexText(lexer.text.slice(2)) : lexer.text);
        return this.#next();
      case Token.QUOTED:
        if (this.level.expectsTable) return this.#table();
        if (this.#isExact()) return this.#exactColumn();
        this.out.emit(quoteName(nameValue(lexer.text)));
        return this.#next();
      case Token.VARIABLE: {
        const value = this.#context.variable(variableName(lexer.text));
        this.out.emit(literal(value));
        return this.#next();
      }
      case Token.SYMBOL:
        return this.#symbol();
      default:
        this.out.emit(lexer.text);
        return this.#next();
    }
  }

  #word(): void {
    const lexer = this.#lexer;
    const { word, text, start, end } = lexer;
    if (text.startsWith('$$')) throw syntaxError(lexer.bytes.toString('utf8', start), 1);
    if (REFUSED.has(word)) throw notSupported(word);
    if (word === 'WITH') return this.#with();
    if (this.#specialWord(word)) return;
    if (word === 'RLIKE') {
      this.out.emit('REGEXP');
      return this.#next();
    }
    if (word === 'SEPARATOR' && this.level.orderAt !== undefined) return this.#separator(this.level);
    if (word === 'ORDER' && this.level.orderAt === -1) this.level.orderAt = this.out.sql.length;
    if (this.level.expectsTable && !(word in CLAUSES) && word !== 'LATERAL') return this.#table();
    if (word === 'STRAIGHT_JOIN' && this.level.clause === 'from') {
      this.level.expectsTable = true;
      this.out.emit('JOIN');
      return this.#next();
    }
    if (SKIPPED.has(word)) return this.#next();
    if (word === 'COLLATE') {
      this.#next();
      return this.#next();
    }
    if (word === 'FOR' || (word === 'LOCK' && this.#levels.length === 1)) return this.#toEnd();
    if (word === 'UNKNOWN') {
      this.out.emit('NULL');
      return this.#next();
    }
    // `_utf8mb4'text'`, `N'text'`, `x'41'`
    if (/^(_[a-z0-9]+|n|x)$/i.test(text)) {
      lexer.next();
      if (lexer.token === Token.STRING) {
        if (word !== 'X') return;
        this.out.emit(hexText(stringValue(lexer.text)));
        return this.#next();
      }
      this.out.items.note(Token.WORD, text, end);
      this.out.append(quoteName(text), start, end);
      return;
    }
    const clause = Object.hasOwn(CLAUSES, word) ? CLAUSES[word] : undefined;
    if (clause === undefined && word !== 'JOIN' && word !== 'AS' && this.#isExact())
      return this.#exactColumn();
    if (clause !== undefined) return this.#clause(word, clause);
    if (word === 'JOIN') this.level.expectsTable = true;
    lexer.next();
    if (lexer.isSymbol('(') && !NO_FUNCTIONS.has(word)) return this.#call(word, text, start, end);
    this.out.items.note(Token.WORD, text, end);
    const bare = this.#context.value(`${word} `);
    // SQLite reads `$x` as a parameter, MySQL as a name.
    const name = /^\w+$/.test(text) ? text : quoteName(nameValue(text));
    this.out.append(bare === undefined ? name : literal(bare), start, end);
  }

  /**
   * WITH name [(columns)] AS (query), … in front of a query: the names stand for the tables behind them. A query does not see its own
   * name, so nothing goes on for ever.
   */
  #with(): void {
    const lexer = this.#lexer;
    if (this.out.sql !== '') throw notSupported('WITH inside a query', 'Put it in front');
    this.out.emit('WITH', false);
    this.#next();
    for (;;) {
      const name = nameValue(lexer.text).toLowerCase();
      if (lexer.word === 'RECURSIVE') throw notSupported('WITH RECURSIVE');
      if (lexer.token !== Token.WORD && lexer.token !== Token.QUOTED) throw this.unexpected();
      if (name.startsWith('sqlite_')) throw notSupported(`the name ${name}`);
      this.out.emit(quoteName(name), false);
      this.#next();
      if (lexer.isSymbol('(')) this.parenthesis();
      if (lexer.word !== 'AS') throw this.unexpected();
      this.out.emit(' AS ', false);
      this.#next();
      if (!lexer.isSymbol('(')) throw this.unexpected();
      const before = this.#tables.length;
      this.parenthesis();
      // They count where the name is used.
      this.#named.set(name, this.#tables.splice(before));
      if (!lexer.isSymbol(',')) return;
      this.out.emit(',', false);
      this.#next();
    }
  }

  /** From `(` to behind its `)`. */
  parenthesis(): void {
    const depth = this.#levels.length;
    this.step();
    while (this.#levels.length > depth) {
      if (this.#lexer.token === Token.END) throw this.unexpected();
      this.step();
    }
  }

  unexpected(): ServerError {
    return syntaxError(this.#lexer.bytes.toString('utf8', this.#lexer.start), 1);
  }

  /** GROUP_CONCAT(x ORDER BY y SEPARATOR 's'): SQLite has it in front of ORDER. */
  #separator(level: Level): void {
    const lexer = this.#lexer;
    lexer.next();
    if (lexer.token !== Token.STRING) throw this.unexpected();
    const at = level.orderAt === undefined || level.orderAt < 0 ? this.out.sql.length : level.orderAt;
    const text = quote(stringValue(lexer.text));
    this.out.sql = `${this.out.sql.slice(0, at)}, ${text}${this.out.sql.slice(at)}`;
    this.out.items.note(lexer.token, lexer.text, lexer.end);
    lexer.next();
  }

  #clause(word: string, clause: Clause): void {
    const level = this.level;
    const outer = this.#levels.length === 1;
    if (outer && this.out.items.isOpen) this.out.endItem(true);
    level.clause = clause;
    level.expectsTable = clause === 'from';
    this.out.emit(word, false);
    this.#next();
    if (clause !== 'select' || !outer || this.out.items.isDone) return;
    while (SKIPPED.has(this.#lexer.word) || this.#lexer.word === 'DISTINCT' || this.#lexer.word === 'ALL') {
      if (SKIPPED.has(this.#lexer.word)) this.#next();
      else {
        this.out.emit(this.#lexer.text, false);
        this.#next();
      }
    }
    this.out.items.begin(this.#lexer.start);
  }

  /** Whether a path of names begins here that ends in a column of exact digits, and is computed with. */
  #isExact(): boolean {
    const { exact } = this.#context;
    if (exact === undefined || exact.size === 0) return false;
    const { items, sql } = this.out;
    if (items.isOpen && this.#levels.length === 1 && this.#known?.[items.plain.length] === true) return false;
    if (/(^|\s)AS\s*$/i.test(sql)) return false;
    return namesExactColumn(this.#lexer.bytes, this.#lexer.start, exact);
  }

  /** `a.b.c` as a number, whole. */
  #exactColumn(): void {
    const lexer = this.#lexer;
    const { start } = lexer;
    const parts: string[] = [];
    let end = lexer.end;
    for (;;) {
      parts.push(quoteName(nameValue(lexer.text)));
      this.out.items.note(lexer.token, lexer.text, lexer.end);
      end = lexer.end;
      lexer.next();
      if (!lexer.isSymbol('.')) break;
      this.out.items.note(lexer.token, lexer.text, lexer.end);
      lexer.next();
    }
    this.out.append(`CAST(${parts.join('.')} AS REAL)`, start, end);
  }

  /** A table behind FROM, JOIN or a comma. */
  #table(): void {
    const lexer = this.#lexer;
    let schema: string | undefined;
    let table = nameValue(lexer.text);
    const { start } = lexer;
    let { end } = lexer;
    this.level.expectsTable = false;
    lexer.next();
    if (lexer.isSymbol('.')) {
      lexer.next();
      schema = table;
      table = nameValue(lexer.text);
      end = lexer.end;
      lexer.next();
    } else if (table.toUpperCase() === 'DUAL') {
      // SQLite has no DUAL and needs none: a row of nothing stands for it.
      this.out.append('(SELECT 1) AS "dual"', start, end);
      return;
    }
    const named = schema === undefined ? this.#named.get(table.toLowerCase()) : undefined;
    if (named !== undefined) {
      this.#tables.push(...named);
      if (this.#tables.length > MAX_TABLES) throw notSupported(`more than ${MAX_TABLES} tables`);
      this.out.append(quoteName(table.toLowerCase()), start, end);
      return;
    }
    schema ??= this.#context.schema;
    if (schema === undefined) throw noSchema();
    if (lexer.isSymbol('(')) throw unknownFunction(table, schema);
    this.#tables.push({ schema: schema.toLowerCase(), table: table.toLowerCase() });
    this.out.append(`${quoteName(schema.toLowerCase())}.${quoteName(table.toLowerCase())}`, start, end);
  }

  #call(word: string, text: string, start: number, end: number): void {
    const lexer = this.#lexer;
    const awaitedText = this.#awaitedCall(start);
    if (awaitedText !== undefined) {
      const value = this.#context.awaited.get(awaitedText) ?? null;
      const callEnd = start + Buffer.byteLength(awaitedText);
      this.out.items.note(Token.WORD, 'CALL', callEnd);
      this.out.items.note(Token.SYMBOL, ')', callEnd);
      this.out.append(literal(value), start, callEnd);
      return;
    }
    const native = Object.hasOwn(functionNames, word) ? functionNames[word] : undefined;
    const value = this.#context.value(word);
    if (native === undefined && value === undefined) {
      if (LACKED.test(word)) throw notSupported(text);
      throw unknownFunction(text, this.#context.schema);
    }
    this.#opens =
      word === 'GROUP_CONCAT'
        ? { orderAt: -1 }
        : { syntax: Object.hasOwn(CALL_SYNTAX, word) ? CALL_SYNTAX[word] : undefined };
    this.out.items.note(Token.WORD, text, end);
    // With arguments it is computed: UNIX_TIMESTAMP() and UNIX_TIMESTAMP(x) are two things.
    if (value === undefined || (native !== undefined && !this.#isEmptyCall())) {
      this.out.append(native!, start, end);
      if (UNIT_FIRST.has(word)) this.#operators.unitFirst(word);
      else if (word === 'TRIM') this.#trimOf();
      return;
    }
    // Nothing to compute: the call is its value, with as many digits of a second as it says: NOW(6).
    let digits = 0;
    while (lexer.token !== Token.END && !lexer.isSymbol(')')) {
      lexer.next();
      if (lexer.token === Token.NUMBER) digits = Number(lexer.text);
      else if (!lexer.isSymbol(')')) throw notSupported(`${text} with arguments`);
    }
    this.out.items.note(Token.SYMBOL, ')', lexer.end);
    this.out.append(literal(this.#context.value(word, digits) ?? null), start, lexer.end);
    lexer.next();
  }

  /** Operators that are words, and words inside calls that are no list of values. */
  #specialWord(word: string): boolean {
    const { syntax, starts } = this.level;
    if ((word === 'BETWEEN' || word === 'IN') && syntax !== 'in') this.#range();
    if (word === 'DIV' || (word === 'MOD' && this.#operators.hasOperand(starts.factor)))
      this.#operators.call2(word === 'DIV' ? 'mysql_idiv' : 'mysql_mod', starts.factor, () =>
        this.#operators.primary(),
      );
    else if (word === 'XOR')
      this.#operators.call2('mysql_xor', starts.condition, () => this.#operators.condition());
    else if (word === 'INTERVAL' && !this.level.expectsTable) this.#operators.leadingInterval();
    else if (syntax === 'from' && (word === 'FROM' || word === 'FOR')) this.#operators.comma();
    else if (syntax === 'in' && word === 'IN') this.#operators.comma();
    else if (syntax === 'cast' && word === 'AS') this.#operators.castType();
    else if (syntax === 'convert' && word === 'USING') {
      while (!this.#lexer.isSymbol(')')) if (this.#lexer.next() === Token.END) throw this.unexpected();
      this.out.sql += `, 'CHAR'`;
    } else return false;
    return true;
  }

  /** TRIM(LEADING 'x' FROM y), with `(` at hand. */
  #trimOf(): void {
    const lexer = this.#lexer;
    const ahead = lexer.bytes.toString('latin1', lexer.end, lexer.end + 64);
    const where = /^\s*(BOTH|LEADING|TRAILING)\b/i.exec(ahead)?.[1];
    if (where === undefined) return;
    this.out.sql = this.out.sql.replace(/trim$/, 'mysql_trim_of');
    this.#opens = { syntax: 'from' };
    this.step();
    this.out.emit(`'${where.toUpperCase()}',`);
    this.#next();
    if (lexer.word === 'FROM') this.out.sql += `' '`;
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
      const { expectsTable } = this.level;
      this.level.expectsTable = false;
      this.#levels.push({
        clause: expectsTable ? 'from' : 'none',
        expectsTable,
        starts: new OperandStarts(this.out.sql.length),
        ...this.#opens,
      });
      this.#opens = {};
    } else if (text === ')') {
      if (this.#levels.length > 1) this.#levels.pop();
    } else if (text === ',') {
      const { clause, syntax } = this.level;
      if (syntax === 'convert') return this.#operators.castType();
      if (this.#levels.length === 1 && clause === 'select' && this.out.items.isOpen) this.out.endItem(false);
      if (clause === 'from') this.level.expectsTable = true;
      // To SQLite, the second is what stands between.
      if (this.level.orderAt === -1) throw notSupported('GROUP_CONCAT of several values', 'CONCAT them');
    } else if (text === ':') {
      if (two === ':=') throw notSupported('assignment in a query');
      throw syntaxError(bytes.toString('utf8', start), 1);
    } else if (bytes.toString('latin1', start, start + 3) === '<=>') {
      lexer.next();
      lexer.next();
      this.out.emit(' IS ');
      return this.#next();
    } else if (two === '||' || two === '&&') {
      lexer.next();
      this.out.emit(two === '||' ? ' OR ' : ' AND ');
      return this.#next();
    } else if ((text === '+' || text === '-') && this.#isBeforeInterval()) {
      return this.#operators.interval(text);
    } else if (text === '%') {
      return this.#operators.call2('mysql_mod', this.level.starts.factor, () => this.#operators.primary());
    } else if (text === '^') {
      throw notSupported('^');
    } else if ('=<>'.includes(text) || two === '!=') {
      this.#comparison();
    } else if (text === '/') {
      // Whole numbers divided by each other keep their fraction.
      this.out.emit(' * 1.0 / ');
      return this.#next();
    } else if (text === '!' && two !== '!=') {
      this.out.emit(' NOT ');
      return this.#next();
    }
    this.out.emit(text);
    if (text === ',' && this.out.items.isOpen && this.#levels.length === 1) {
      this.#next();
      this.out.items.begin(this.#lexer.start);
      return;
    }
    return this.#next();
  }

  #isBeforeInterval(): boolean {
    const { bytes, end } = this.#lexer;
    return /^\s*INTERVAL\b/i.test(bytes.toString('latin1', end, end + 64));
  }

  /** What is compared with a number is one: in SQLite, a text would not be. */
  #comparison(): void {
    const { bytes, start } = this.#lexer;
    this.#collation = '';
    if (this.#context.loose !== true || '<>=!'.includes(String.fromCharCode(bytes[start - 1] ?? 0))) return;
    const ahead = /^(?:<=|>=|<>|!=|[=<>])\s*(['"]|-?[\d.])/.exec(bytes.toString('latin1', start, start + 32));
    if (ahead === null) return;
    // Two texts that are no columns compare as columns do.
    if (/['"]/.test(ahead[1]!)) this.#collation = ' COLLATE NOCASE';
    else if (this.#operators.hasOperand(this.level.starts.term)) this.out.sql += ' + 0';
  }

  /** BETWEEN 1 AND 2, IN (1, 2): as a comparison. */
  #range(): void {
    const { bytes, end } = this.#lexer;
    const isNumber = /^[\s(]*-?\d/.test(bytes.toString('latin1', end, end + 32));
    if (this.#context.loose !== true || !isNumber) return;
    this.out.sql = this.out.sql.replace(/(\s+NOT)?\s*$/, ' + 0$1');
  }

  #next(): void {
    this.#lexer.next();
  }

  #toEnd(): void {
    while (this.#lexer.token !== Token.END) this.#lexer.next();
  }
}
