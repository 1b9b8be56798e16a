import { quoteWord } from '../certificates/index.ts';

/** A word of a shell command, quoted only where it must be. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quoteWord(text);
}
