import type { CharacterTest } from './character-class.ts';
import { tooBig } from './errors.ts';

/** One step of a compiled expression. */
export type Step =
  | { readonly kind: 'character'; readonly test: CharacterTest }
  | { readonly kind: 'at'; readonly test: (before: string | undefined, after: string | undefined) => boolean }
  /** It goes on at either. */
  | Split
  | { readonly kind: 'found' };

interface Split {
  readonly kind: 'split';
  first: number;
  second: number;
}

/** Steps of one expression: `{m,n}` writes its part out, and nobody needs more. */
const MAX_STEPS = 2000;

/** The steps of an expression while it is read. @throws ServerError 3700 they are more than an expression needs */
export class Steps {
  readonly #steps: Step[] = [];

  get all(): readonly Step[] {
    return this.#steps;
  }

  get length(): number {
    return this.#steps.length;
  }

  add(step: Exclude<Step, Split>): void {
    this.#expectRoom();
    this.#steps.push(step);
  }

  /** Adds a choice between two steps, which may be to come. */
  split(first: number, second: number): Split {
    this.#expectRoom();
    const split: Split = { kind: 'split', first, second };
    this.#steps.push(split);
    return split;
  }

  /** Puts a choice in front of others, between them and a step to come; what points to them moves along. */
  splitBefore(at: number): Split {
    this.#expectRoom();
    const split: Split = { kind: 'split', first: at + 1, second: -1 };
    this.#steps.splice(at, 0, split);
    for (const other of this.#steps.slice(at + 1)) {
      if (other.kind !== 'split') continue;
      if (other.first >= at) other.first += 1;
      if (other.second >= at) other.second += 1;
    }
    return split;
  }

  /** Forgets the steps from here on. */
  truncate(length: number): void {
    this.#steps.length = length;
  }

  #expectRoom(): void {
    if (this.#steps.length >= MAX_STEPS) throw tooBig();
  }
}
