import { CASED_CLASSES, type CharacterTest, escapedTest, isWord, NAMED_CLASSES } from './character-class.ts';
import {
  badEscape,
  badInterval,
  illegalArgument,
  invalidRange,
  maximumBelowMinimum,
  mismatchedParenthesis,
  syntaxError,
  tooBig,
  unclosedBracket,
} from './errors.ts';
import type { MatchType } from './match-type.ts';
import { type Step, Steps } from './steps.ts';

/** Parts that are read, each as often as `{m,n}` says: those without a step would be read for ever. */
const MAX_PARTS = 10_000;
/** Groups within groups. */
const MAX_DEPTH = 500;
/** The longest interval, and the longest name of a class, with what they stand in. */
const MAX_WRITTEN = 12;

/** Compiles a pattern, in small letters where case does not matter. @throws ServerError MySQL's errors of patterns */
export function stepsOf(pattern: string, type: MatchType): readonly Step[] {
  if (pattern === '') throw illegalArgument();
  return new PatternReader(pattern, type).read();
}

class PatternReader {
  readonly #characters: readonly string[];
  readonly #type: MatchType;
  readonly #steps = new Steps();
  #at = 0;
  #parts = 0;
  #depth = 0;

  constructor(pattern: string, type: MatchType) {
    this.#type = type;
    this.#characters = Array.from(pattern);
  }

  read(): readonly Step[] {
    this.#alternatives();
    if (this.#at < this.#characters.length) throw mismatchedParenthesis();
    this.#steps.add({ kind: 'found' });
    return this.#steps.all;
  }

  #alternatives(): void {
    const jumps: { first: number; second: number }[] = [];
    for (;;) {
      const start = this.#steps.length;
      this.#sequence();
      if (this.#peek() !== '|') break;
      this.#at += 1;
      // What was there moves behind a choice.
      const choice = this.#steps.splitBefore(start);
      jumps.push(this.#steps.split(-1, -1));
      choice.second = this.#steps.length;
    }
    for (const jump of jumps) jump.first = jump.second = this.#steps.length;
  }

  #sequence(): void {
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      const start = this.#steps.length;
      const from = this.#at;
      this.#part();
      this.#repetition(start, from);
    }
  }

  #repetition(start: number, from: number): void {
    for (;;) {
      const next = this.#peek();
      if (next === '*' || next === '+' || next === '?') this.#at += 1;
      const end = this.#steps.length;
      if (next === '*' || next === '?') {
        const choice = this.#steps.splitBefore(start);
        if (next === '*') this.#steps.split(start, start);
        choice.second = this.#steps.length;
      } else if (next === '+') this.#steps.split(start, end + 1);
      else if (next === '{') return this.#times(start, from);
      else return;
      // A lazy one finds the same.
      if (this.#peek() === '?') this.#at += 1;
    }
  }

  /** `{m}`, `{m,}`, `{m,n}`: the part is read again for every time. */
  #times(start: number, from: number): void {
    const [all, low = '0', range, high = ''] = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#ahead()) ?? [];
    if (all === undefined) throw badInterval();
    const least = Number(low);
    const most = range === undefined ? least : high === '' ? undefined : Number(high);
    if (most !== undefined && most < least) throw maximumBelowMinimum();
    const behind = this.#at + all.length;
    this.#steps.truncate(start);
    for (let count = 0; count < least; count += 1) this.#again(from);
    if (most === undefined) this.#anyTimes(from);
    else this.#atMost(most - least, from);
    this.#at = behind;
  }

  #again(from: number): void {
    this.#at = from;
    this.#part();
  }

  #anyTimes(from: number): void {
    const at = this.#steps.length;
    const choice = this.#steps.split(at + 1, -1);
    this.#again(from);
    this.#steps.split(at, at);
    choice.second = this.#steps.length;
  }

  #atMost(times: number, from: number): void {
    const choices: { second: number }[] = [];
    for (let count = 0; count < times; count += 1) {
      choices.push(this.#steps.split(this.#steps.length + 1, -1));
      this.#again(from);
    }
    for (const choice of choices) choice.second = this.#steps.length;
  }

  #part(): void {
    this.#parts += 1;
    if (this.#parts > MAX_PARTS) throw tooBig();
    const character = this.#take(() => syntaxError(this.#at));
    if (character === '(') this.#group();
    else if (character === '[') this.#character(this.#class());
    else if (character === '.') this.#character((each) => this.#type.hasLineEnds || each !== '\n');
    else if (character === '^')
      this.#steps.add({ kind: 'at', test: (before) => before === undefined || this.#endsLine(before) });
    else if (character === '$')
      this.#steps.add({ kind: 'at', test: (_before, after) => after === undefined || this.#endsLine(after) });
    else if (character === '\\') this.#escape();
    else if (character === '*' || character === '+' || character === '?' || character === '{')
      throw syntaxError(this.#at - 1);
    else this.#character((each) => each === character);
  }

  #endsLine(character: string): boolean {
    return this.#type.isMultiline && character === '\n';
  }

  #group(): void {
    if (this.#peek() === '?' && this.#characters[this.#at + 1] === ':') this.#at += 2;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw tooBig();
    this.#alternatives();
    this.#depth -= 1;
    this.#take(mismatchedParenthesis);
  }

  #escape(): void {
    const character = this.#take(badEscape);
    if (character === 'b')
      this.#steps.add({ kind: 'at', test: (before, after) => isWord(before) !== isWord(after) });
    else this.#character(escapedTest(character));
  }

  #class(): CharacterTest {
    const isNegated = this.#peek() === '^';
    if (isNegated) this.#at += 1;
    const tests: CharacterTest[] = [];
    for (let first = true; first || this.#peek() !== ']'; first = false) tests.push(this.#classPart());
    this.#at += 1;
    return (each) => tests.some((test) => test(each)) !== isNegated;
  }

  #classPart(): CharacterTest {
    const [written, name = ''] = /^\[:(\w+):\]/.exec(this.#ahead()) ?? [];
    if (written !== undefined) {
      const cased = this.#type.isCaseSensitive ? CASED_CLASSES[name] : undefined;
      const test = cased ?? NAMED_CLASSES[name];
      if (test === undefined) throw illegalArgument();
      this.#at += written.length;
      return test;
    }
    const low = this.#take(unclosedBracket);
    if (low === '\\') return escapedTest(this.#take(unclosedBracket));
    if (this.#peek() !== '-' || this.#characters[this.#at + 1] === ']') return (each) => each === low;
    this.#at += 1;
    const high = this.#take(unclosedBracket);
    if (high < low) throw invalidRange();
    return (each) => each >= low && each <= high;
  }

  #character(test: CharacterTest): void {
    this.#steps.add({ kind: 'character', test });
  }

  #ahead(): string {
    return this.#characters.slice(this.#at, this.#at + MAX_WRITTEN).join('');
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #take(missing: () => Error): string {
    const character = this.#characters[this.#at];
    if (character === undefined) throw missing();
    this.#at += 1;
    return character;
  }
}
