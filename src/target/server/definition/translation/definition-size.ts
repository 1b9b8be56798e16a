import { CatalogError } from '../../../schema/index.ts';

/** Parentheses around a piece. */
const MAX_DEPTH = 1000;
/** Pieces outside of all parentheses: ALTER TABLE may have a change for each of 4096 columns. */
const MAX_OUTER = 40_000;
/** Pieces of one column, key or partition; lists of values and expressions are deeper. */
const MAX_BETWEEN_COMMAS = 5000;
/** More than 4096 columns, their keys and 8192 partitions. */
const MAX_DEFINITIONS = 13_000;

/**
 * Keeps count of a definition's pieces, and refuses what nobody writes: what is looked for around a piece takes as many steps as its
 * definition has pieces, and as it is deep.
 */
export class DefinitionSize {
  #outer = 0;
  #sinceComma = 0;
  #definitions = 0;

  /** Counts the next piece. @throws CatalogError */
  add({ depth, isComma }: { readonly depth: number; readonly isComma: boolean }): void {
    if (depth <= 0) this.#outer += 1;
    if (depth <= 1) {
      this.#sinceComma = isComma ? 0 : this.#sinceComma + 1;
      if (isComma) this.#definitions += 1;
    }
    const isLong =
      this.#outer > MAX_OUTER || this.#sinceComma > MAX_BETWEEN_COMMAS || this.#definitions > MAX_DEFINITIONS;
    if (!isLong && Math.abs(depth) <= MAX_DEPTH) return;
    throw new CatalogError('a definition is too long or too deep to be put into other words', {
      hint: 'Carry it out on the target yourself, then go on behind it.',
    });
  }
}
