import { countedSteps } from './steps.ts';

interface Part {
  readonly kind: 'any' | 'one' | 'is';
  readonly character: string;
}

/** LIKE without regard to case. */
export const matchesLike = (text: string, pattern: string, escape?: string): boolean =>
  likeMatcher(pattern, escape)(text);

/** A pattern of LIKE, read once for many texts. `fold`: what makes two characters alike; undefined: their case counts for nothing. */
export function likeMatcher(
  pattern: string,
  escape = '\\',
  fold?: (character: string) => string,
): (text: string) => boolean {
  const wanted: Part[] = [];
  const characters = fold === undefined ? pattern.toLowerCase() : Array.from(pattern);
  const is = (character: string): Part => ({ kind: 'is', character: fold?.(character) ?? character });
  for (let i = 0; i < characters.length; i += 1) {
    const character = characters[i]!;
    if (character === escape && i + 1 < characters.length) wanted.push(is(characters[(i += 1)]!));
    else if (character === '%') wanted.push({ kind: 'any', character });
    else wanted.push(character === '_' ? { kind: 'one', character } : is(character));
  }
  return (text) => matches(fold === undefined ? text.toLowerCase() : Array.from(text, fold), wanted);
}

/**
 * Backtracks to the last `%` only, so that time is bounded by the product of both lengths.
 *
 * @throws ServerError 3024 that is too long
 */
function matches(value: ArrayLike<string>, wanted: readonly Part[]): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let starAt = 0;
  const step = countedSteps();
  while (at < value.length) {
    step();
    const part = wanted[next];
    if (part !== undefined && part.kind !== 'any' && (part.kind === 'one' || part.character === value[at])) {
      at += 1;
      next += 1;
    } else if (part?.kind === 'any') {
      star = next;
      starAt = at;
      next += 1;
    } else if (star >= 0) {
      starAt += 1;
      at = starAt;
      next = star + 1;
    } else return false;
  }
  while (wanted[next]?.kind === 'any') next += 1;
  return next === wanted.length;
}
