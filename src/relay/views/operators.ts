import type { ServerError } from '../../errors/index.ts';
import { Token } from '../../sql/index.ts';
import { isCastType } from './cast.ts';
import { UNITS } from './moments.ts';
import type { OperandStarts } from './operand-starts.ts';
import type { QueryText } from './query-text.ts';
import { type CallSyntax, ENDS_CONDITION } from './query-words.ts';

/** The reading of a query, as far as operators need it. */
export interface ReadQuery {
  readonly out: QueryText;
  /** Of the parentheses at hand. */
  readonly level: { readonly starts: OperandStarts; readonly syntax?: CallSyntax | undefined };
  /** How many parentheses are open. */
  readonly depth: number;
  /** Translates the token at hand. */
  step(): void;
  /** From `(` to behind its `)`. */
  parenthesis(): void;
  unexpected(): ServerError;
}

/** Operators of MySQL's that SQLite lacks, and calls whose parentheses hold no list of values: they become calls around their operands. */
export class Operators {
  readonly #query: ReadQuery;

  constructor(query: ReadQuery) {
    this.#query = query;
  }

  comma(): void {
    this.#query.out.emit(',');
    this.#query.out.lexer.next();
  }

  /** Whether what was written from there on is an operand that an operator may follow. */
  hasOperand(from: number): boolean {
    return /[\w"')]\s*$/.test(this.#query.out.sql.slice(from));
  }

  /** An operator at hand that SQLite lacks becomes a call around its operands. */
  call2(name: string, from: number, right: () => void): void {
    if (!this.hasOperand(from)) throw this.#query.unexpected();
    const { sql } = this.#query.out;
    this.#note();
    this.#query.out.lexer.next();
    this.#query.out.sql = `${sql.slice(0, from)} ${name}(${sql.slice(from)},`;
    right();
    this.#query.out.sql += ')';
  }

  /** The token at hand is a part of an operator: no name can follow from it. */
  #note(): void {
    this.#query.out.items.note(Token.SYMBOL, this.#query.out.lexer.text, this.#query.out.lexer.end);
  }

  /** One operand that binds closest: a value, a name, a call, what stands in parentheses, a CASE; signs before it. */
  primary(): void {
    const lexer = this.#query.out.lexer;
    while (lexer.token === Token.SYMBOL && '-+!~'.includes(lexer.text)) this.#query.step();
    if (lexer.isSymbol('(')) return this.#query.parenthesis();
    if (lexer.word === 'CASE') {
      for (let open = 0; ; ) {
        if (lexer.token === Token.END) throw this.#query.unexpected();
        open += lexer.word === 'CASE' ? 1 : lexer.word === 'END' ? -1 : 0;
        this.#query.step();
        if (open === 0) return;
      }
    }
    if (lexer.token === Token.END || lexer.isSymbol(')')) throw this.#query.unexpected();
    if (!lexer.isSymbol('.')) this.#query.step();
    while (lexer.isSymbol('.')) {
      this.#query.step();
      this.#query.step();
    }
    if (lexer.isSymbol('(')) this.#query.parenthesis();
  }

  /** What stands on the right of XOR: conditions joined by AND. */
  condition(): void {
    const lexer = this.#query.out.lexer;
    const ends = (): boolean =>
      lexer.token === Token.END ||
      lexer.isSymbol(')') ||
      lexer.isSymbol(',') ||
      lexer.isSymbol(';') ||
      (lexer.isSymbol('|') && lexer.bytes[lexer.end] === 0x7c) ||
      ENDS_CONDITION.has(lexer.word);
    if (ends()) throw this.#query.unexpected();
    while (!ends()) {
      if (lexer.isSymbol('(')) this.#query.parenthesis();
      else if (lexer.word === 'CASE') this.primary();
      else this.#query.step();
    }
  }

  /** `d - INTERVAL n unit`, with the sign at hand. */
  interval(sign: '+' | '-'): void {
    this.call2(sign === '+' ? 'mysql_date_add' : 'mysql_date_sub', this.#query.level.starts.term, () =>
      this.#amount(),
    );
  }

  /** `INTERVAL n unit + d`, or an argument of DATE_ADD. */
  leadingInterval(): void {
    if (this.#query.level.syntax === 'interval') return this.#amount();
    const at = this.#query.out.sql.length;
    this.#amount();
    const interval = this.#query.out.sql.slice(at);
    if (!this.#query.out.lexer.isSymbol('+')) throw this.#query.unexpected();
    this.#note();
    this.#query.out.lexer.next();
    this.#query.out.sql = `${this.#query.out.sql.slice(0, at)} mysql_date_add(`;
    this.primary();
    this.#query.out.sql += `,${interval})`;
  }

  /** With INTERVAL at hand: the amount and its unit, as two arguments. */
  #amount(): void {
    const lexer = this.#query.out.lexer;
    const depth = this.#query.depth;
    this.#note();
    this.#query.out.lexer.next();
    // A unit in front of a parenthesis is a function of that name.
    while (!UNITS.has(lexer.word) || lexer.bytes[lexer.end] === 0x28) {
      if (lexer.token === Token.END || this.#query.depth < depth) throw this.#query.unexpected();
      this.#query.step();
    }
    this.#query.out.sql += `, '${lexer.word}'`;
    this.#note();
    this.#query.out.lexer.next();
  }

  /** TIMESTAMPDIFF(unit, …), with `(` at hand. */
  unitFirst(call: string): void {
    const lexer = this.#query.out.lexer;
    this.#query.step();
    const unit = lexer.word.replace(/^SQL_TSI_/, '');
    if (!UNITS.has(unit)) throw this.#query.unexpected();
    this.#query.out.emit(`'${unit}'`);
    this.#query.out.lexer.next();
    if (call === 'EXTRACT' ? lexer.word !== 'FROM' : !lexer.isSymbol(',')) throw this.#query.unexpected();
    if (call === 'EXTRACT') this.comma();
  }

  /** AS type, or what follows the comma of CONVERT: to the end of the call. */
  castType(): void {
    const lexer = this.#query.out.lexer;
    this.#query.out.lexer.next();
    const type = lexer.word.replace(/^(INTEGER|INT)$/, 'SIGNED').replace(/^DEC$/, 'DECIMAL');
    if (!isCastType(type)) throw this.#query.unexpected();
    let sizes = '';
    for (let depth = 0; ; ) {
      if (lexer.next() === Token.END) throw this.#query.unexpected();
      if (lexer.isSymbol('(')) depth += 1;
      else if (lexer.isSymbol(')')) {
        if (depth === 0) break;
        depth -= 1;
      } else if (depth > 0 && lexer.token === Token.NUMBER) sizes += `, ${Number(lexer.text)}`;
      // SIGNED INTEGER, CHARACTER SET utf8mb4: there is one character set here.
      else if (depth === 0 && lexer.token !== Token.WORD) throw this.#query.unexpected();
    }
    this.#query.out.sql += `, '${type}'${sizes}`;
  }
}
