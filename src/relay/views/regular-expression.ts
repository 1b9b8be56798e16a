import { ServerError } from '../../errors/index.ts';

type Test = (character: string) => boolean;

/** One step of a compiled expression. */
type Step =
  | { readonly kind: 'character'; readonly test: Test }
  | { readonly kind: 'at'; readonly test: (before: string | undefined, after: string | undefined) => boolean }
  | { readonly kind: 'split'; first: number; second: number }
  | { readonly kind: 'found' };

/** Steps of one expression: `{m,n}` writes its part out, and nobody needs more. */
const MAX_STEPS = 2000;

const CLASSES: Readonly<Record<string, Test>> = {
  d: (character) => /[0-9]/.test(character),
  D: (character) => !/[0-9]/.test(character),
  w: (character) => /[\p{L}\p{N}_]/u.test(character),
  W: (character) => !/[\p{L}\p{N}_]/u.test(character),
  s: (character) => /\s/.test(character),
  S: (character) => !/\s/.test(character),
};

const NAMED: Readonly<Record<string, Test>> = {
  alpha: (character) => /\p{L}/u.test(character),
  digit: CLASSES['d']!,
  alnum: (character) => /[\p{L}\p{N}]/u.test(character),
  space: CLASSES['s']!,
  upper: (character) => /\p{L}/u.test(character),
  lower: (character) => /\p{L}/u.test(character),
  punct: (character) => /[\p{P}\p{S}]/u.test(character),
};

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' };
const isWord = (character: string | undefined): boolean =>
  character !== undefined && CLASSES['w']!(character);

/** ER_REGEXP_RULE_SYNTAX */
const wrong = (at: number): ServerError =>
  new ServerError(3688, 'HY000', `Syntax error in regular expression on line 1, character ${at + 1}.`);
/** ER_REGEXP_PATTERN_TOO_BIG */
const tooBig = (): ServerError =>
  new ServerError(3697, 'HY000', 'The regular expression pattern exceeds limits on size or complexity.');

/**
 * REGEXP, without regard to case: characters, `.`, classes, `^ $ \b`, groups, `|`, and repetition. All ways through the expression are
 * followed at once, so that no expression takes longer than its length times the text's.
 */
export class RegularExpression {
  readonly #characters: readonly string[];
  readonly #steps: Step[] = [];
  #at = 0;

  /** @throws ServerError 3688, 3697 */
  constructor(pattern: string) {
    this.#characters = Array.from(pattern.toLowerCase());
    this.#alternatives();
    if (this.#at < this.#characters.length) throw wrong(this.#at);
    this.#add({ kind: 'found' });
  }

  /** Whether it is found anywhere in the text. */
  matches(text: string): boolean {
    const characters = Array.from(text.toLowerCase());
    let now = new Set<number>();
    for (let at = 0; at <= characters.length; at += 1) {
      const [before, after] = [characters[at - 1], characters[at]];
      const here = new Set<number>();
      // It may begin here as well.
      for (const step of [...now, 0]) if (this.#follow(step, before, after, here)) return true;
      now = new Set();
      if (after === undefined) return false;
      for (const step of here) {
        const what = this.#steps[step]!;
        if (what.kind === 'character' && what.test(after)) now.add(step + 1);
      }
    }
    return false;
  }

  /** Goes on without a character as far as possible. True: it was found. */
  #follow(first: number, before: string | undefined, after: string | undefined, here: Set<number>): boolean {
    const open = [first];
    for (let step = open.pop(); step !== undefined; step = open.pop()) {
      if (here.has(step)) continue;
      here.add(step);
      const what = this.#steps[step]!;
      if (what.kind === 'found') return true;
      if (what.kind === 'split') open.push(what.first, what.second);
      else if (what.kind === 'at' && what.test(before, after)) open.push(step + 1);
    }
    return false;
  }

  #add(step: Step): number {
    if (this.#steps.length >= MAX_STEPS) throw tooBig();
    return this.#steps.push(step) - 1;
  }

  #alternatives(): void {
    const start = this.#steps.length;
    this.#sequence();
    if (this.#peek() !== '|') return;
    this.#at += 1;
    // What was there moves behind a choice.
    this.#insert(start, { kind: 'split', first: start + 1, second: -1 });
    const jump = this.#add({ kind: 'split', first: -1, second: -1 });
    (this.#steps[start] as { second: number }).second = this.#steps.length;
    this.#alternatives();
    Object.assign(this.#steps[jump]!, { first: this.#steps.length, second: this.#steps.length });
  }

  #sequence(): void {
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      const start = this.#steps.length;
      const from = this.#at;
      this.#atom();
      this.#repetition(start, from);
    }
  }

  #repetition(start: number, from: number): void {
    for (;;) {
      const next = this.#peek();
      if (next === '*' || next === '+' || next === '?') this.#at += 1;
      const end = this.#steps.length;
      if (next === '*' || next === '?') {
        this.#insert(start, { kind: 'split', first: start + 1, second: -1 });
        if (next === '*') this.#add({ kind: 'split', first: start, second: start });
        (this.#steps[start] as { second: number }).second = this.#steps.length;
      } else if (next === '+') this.#add({ kind: 'split', first: start, second: end + 1 });
      else if (next === '{') return this.#times(start, from);
      else return;
      // A lazy one finds the same.
      if (this.#peek() === '?') this.#at += 1;
    }
  }

  /** `{m}`, `{m,}`, `{m,n}`: the part is read again for every time. */
  #times(start: number, from: number): void {
    const rest = this.#characters.slice(this.#at).join('');
    const written = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(rest);
    if (written === null) throw wrong(this.#at);
    const [all, low = '0', range, high = ''] = written;
    const least = Number(low);
    const most = range === undefined ? least : high === '' ? undefined : Number(high);
    if (most !== undefined && most < least) throw wrong(this.#at);
    const behind = this.#at + all.length;
    this.#steps.length = start;
    const again = (): void => {
      this.#at = from;
      this.#atom();
    };
    for (let count = 0; count < least; count += 1) again();
    if (most === undefined) {
      const split = this.#add({ kind: 'split', first: this.#steps.length + 1, second: -1 });
      again();
      this.#add({ kind: 'split', first: split, second: split });
      (this.#steps[split] as { second: number }).second = this.#steps.length;
    } else {
      const splits: number[] = [];
      for (let count = least; count < most; count += 1) {
        splits.push(this.#add({ kind: 'split', first: this.#steps.length + 1, second: -1 }));
        again();
      }
      for (const split of splits) (this.#steps[split] as { second: number }).second = this.#steps.length;
    }
    this.#at = behind;
  }

  #atom(): void {
    const character = this.#take();
    if (character === '(') {
      if (this.#peek() === '?' && this.#characters[this.#at + 1] === ':') this.#at += 2;
      this.#alternatives();
      if (this.#take() !== ')') throw wrong(this.#at - 1);
    } else if (character === '[') this.#character(this.#class());
    else if (character === '.') this.#character((each) => each !== '\n');
    else if (character === '^') this.#add({ kind: 'at', test: (before) => before === undefined });
    else if (character === '$') this.#add({ kind: 'at', test: (_before, after) => after === undefined });
    else if (character === '\\') this.#escape();
    else if (character === '*' || character === '+' || character === '?' || character === '{')
      throw wrong(this.#at - 1);
    else this.#character((each) => each === character);
  }

  #escape(): void {
    const character = this.#take();
    if (character === 'b') {
      this.#add({ kind: 'at', test: (before, after) => isWord(before) !== isWord(after) });
      return;
    }
    const test = CLASSES[character];
    const plain = ESCAPED[character] ?? character;
    this.#character(test ?? ((each) => each === plain));
  }

  #class(): Test {
    const isNegated = this.#peek() === '^';
    if (isNegated) this.#at += 1;
    const tests: Test[] = [];
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      const named = /^\[:(\w+):\]/.exec(this.#characters.slice(this.#at, this.#at + 12).join(''));
      if (named !== null) {
        const test = NAMED[named[1]!];
        if (test === undefined) throw wrong(this.#at);
        tests.push(test);
        this.#at += named[0].length;
        continue;
      }
      const low = this.#take();
      if (low === '\\') {
        const escaped = this.#take();
        const plain = ESCAPED[escaped] ?? escaped;
        tests.push(CLASSES[escaped] ?? ((each) => each === plain));
      } else if (this.#peek() === '-' && this.#characters[this.#at + 1] !== ']') {
        this.#at += 1;
        const high = this.#take();
        tests.push((each) => each >= low && each <= high);
      } else tests.push((each) => each === low);
    }
    this.#at += 1;
    return (each) => tests.some((test) => test(each)) !== isNegated;
  }

  #character(test: Test): void {
    this.#add({ kind: 'character', test });
  }

  /** Puts a step in front of others: what they point to moves along. */
  #insert(at: number, step: Step): void {
    if (this.#steps.length >= MAX_STEPS) throw tooBig();
    this.#steps.splice(at, 0, step);
    for (const other of this.#steps.slice(at + 1)) {
      if (other.kind !== 'split') continue;
      if (other.first >= at) other.first += 1;
      if (other.second >= at) other.second += 1;
    }
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #take(): string {
    const character = this.#characters[this.#at];
    if (character === undefined) throw wrong(this.#at);
    this.#at += 1;
    return character;
  }
}
