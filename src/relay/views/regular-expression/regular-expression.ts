import { tooLong } from './errors.ts';
import { LOOSE, type MatchType } from './match-type.ts';
import { stepsOf } from './pattern-reader.ts';
import type { Step } from './steps.ts';

/** Steps that are followed in a text, bounded as by MySQL's regexp_time_limit: some tenths of a second. */
const MAX_FOLLOWED = 2_000_000;

/**
 * REGEXP: characters, `.`, classes, `^ $ \b`, groups, `|`, and repetition. All ways through the expression are
 * followed at once, so that no expression takes longer than its length times the text's.
 */
export class RegularExpression {
  readonly #isCaseSensitive: boolean;
  readonly #steps: readonly Step[];
  #followed = 0;

  /** @throws ServerError MySQL's errors of patterns */
  constructor(pattern: string, type: MatchType = LOOSE) {
    this.#isCaseSensitive = type.isCaseSensitive;
    this.#steps = stepsOf(this.#cased(pattern), type);
  }

  #cased(text: string): string {
    return this.#isCaseSensitive ? text : text.toLowerCase();
  }

  /** Whether it is found anywhere in the text. @throws ServerError 3699 that takes too long */
  matches(text: string): boolean {
    this.#followed = 0;
    const characters = Array.from(this.#cased(text));
    let now = new Set<number>();
    for (let at = 0; at <= characters.length; at += 1) {
      const [before, after] = [characters[at - 1], characters[at]];
      const here = new Set<number>();
      // It may begin here as well.
      // `$` is in front of a line feed at the end as well.
      const isLast = after === '\n' && at === characters.length - 1;
      const behind = isLast ? undefined : after;
      for (const step of [...now, 0]) if (this.#follow(step, before, behind, here)) return true;
      now = new Set();
      if (after === undefined) return false;
      this.#followed += here.size;
      if (this.#followed > MAX_FOLLOWED) throw tooLong();
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
}
