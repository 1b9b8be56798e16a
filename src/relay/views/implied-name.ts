import { nameValue, stringValue, Token } from '../../sql/index.ts';
import { NO_FUNCTIONS } from './query-words.ts';

const AFTER_AN_ALIASED: ReadonlySet<string> = new Set(['END', 'NULL', 'TRUE', 'FALSE', 'UNKNOWN']);

/** The column name an item implies; undefined: it has one, or is `*`. */
export function impliedName(
  tokens: readonly { readonly token: number; readonly text: string }[],
  text: () => string,
): string | undefined {
  const last = tokens.at(-1);
  if (last === undefined || last.text === '*') return undefined;
  // A string alone is named by what it says.
  if (tokens.length === 1 && last.token === Token.STRING) return stringValue(last.text);
  const isName = (at: number): boolean => {
    const token = tokens.at(at);
    return token !== undefined && (token.token === Token.WORD || token.token === Token.QUOTED);
  };
  const path = tokens.every(({ token, text: part }, i) =>
    i % 2 === 0 ? token === Token.WORD || token === Token.QUOTED : part === '.',
  );
  if (path) return AFTER_AN_ALIASED.has(last.text.toUpperCase()) ? text() : nameValue(last.text);
  const before = tokens.at(-2);
  if (before?.text.toUpperCase() === 'AS' && before.token === Token.WORD) return undefined;
  const named = isName(-1) || (last.token === Token.STRING && before !== undefined);
  if (!named || AFTER_AN_ALIASED.has(last.text.toUpperCase())) return text();
  const ends =
    before !== undefined &&
    (before.text === ')' ||
      before.token === Token.NUMBER ||
      before.token === Token.STRING ||
      before.token === Token.VARIABLE ||
      before.token === Token.QUOTED ||
      (before.token === Token.WORD && !NO_FUNCTIONS.has(before.text.toUpperCase())));
  return ends ? undefined : text();
}
