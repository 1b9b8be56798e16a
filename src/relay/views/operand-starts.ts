/** Where in a text operands begin, of operators that bind weaker from left to right. */
interface Starts {
  /** Of `*`, `/`, DIV, MOD. */
  factor: number;
  /** Of `+` and `-`. */
  term: number;
  /** Of XOR. */
  condition: number;
}

/** Words behind which a condition begins anew; other words that stand between operands begin a term. */
const CONDITIONS: ReadonlySet<string> = new Set(
  'SELECT WHERE HAVING ON WHEN THEN ELSE OR BY AS DISTINCT LIMIT OFFSET SEPARATOR'.split(' '),
);
const TERMS: ReadonlySet<string> = new Set(
  'AND NOT LIKE RLIKE REGEXP IN IS BETWEEN ESCAPE ALL ANY'.split(' '),
);

/**
 * Where the left operand of an operator begins in the text that is written, for those operators that SQLite lacks and that become calls
 * around their operands. One for each pair of parentheses.
 */
export class OperandStarts {
  #starts: Starts;
  /** Of the CASEs that are open. */
  readonly #outer: Starts[] = [];

  constructor(at: number) {
    this.#starts = { factor: at, term: at, condition: at };
  }

  get factor(): number {
    return this.#starts.factor;
  }

  get term(): number {
    return this.#starts.term;
  }

  get condition(): number {
    return this.#starts.condition;
  }

  /** Behind a comma, and where a list begins. */
  begin(at: number): void {
    this.#starts = { factor: at, term: at, condition: at };
  }

  /** Behind a word, the text being so long. */
  word(word: string, at: number): void {
    if (word === 'CASE') {
      this.#outer.push({ ...this.#starts });
      this.begin(at);
    } else if (word === 'END') this.#starts = this.#outer.pop() ?? this.#starts;
    else if (CONDITIONS.has(word)) this.begin(at);
    else if (TERMS.has(word)) this.#term(at);
  }

  /** Behind an operator of symbols. */
  symbol(symbol: string, at: number): void {
    if (symbol === '+' || symbol === '-') this.#starts.factor = at;
    else if ('=<>!&|~^'.includes(symbol)) this.#term(at);
  }

  #term(at: number): void {
    this.#starts.factor = at;
    this.#starts.term = at;
  }
}
