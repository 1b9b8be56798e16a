import type { Flavor } from '../charset/index.ts';
import { nameValue, quoteName, quoteString, stringValue } from './administration/literal.ts';
import { SqlLexer, SqlMode, Token } from './lexer.ts';

/** Modes that are others taken together, as far as they change where a string ends. */
const ANSI_QUOTES = /\b(ANSI_QUOTES|ANSI|ORACLE|MSSQL|DB2|MAXDB|POSTGRESQL)\b/i;
const NO_BACKSLASH_ESCAPES = /\bNO_BACKSLASH_ESCAPES\b/i;

/** Comments that may be code. */
const EXECUTABLE = /\/\*M?!/;

/**
 * A statement as it would be written without ANSI_QUOTES, NO_BACKSLASH_ESCAPES and comments that are code: names in backticks,
 * backslashes doubled, `/*!80000 '+'*\/ 'x'` as `'+' 'x'`. What is written so means the same, and everything behind needs to know one way
 * of writing only.
 *
 * @param modes - `@@sql_mode`, a comma list
 */
export function inPlainMode(text: Buffer, modes: string, flavor: Flavor): Buffer {
  const ansiQuotes = ANSI_QUOTES.test(modes);
  const noEscapes = NO_BACKSLASH_ESCAPES.test(modes);
  if (!ansiQuotes && !noEscapes && !EXECUTABLE.test(text.toString('latin1'))) return text;
  const sqlMode = (ansiQuotes ? SqlMode.ANSI_QUOTES : 0) | (noEscapes ? SqlMode.NO_BACKSLASH_ESCAPES : 0);
  const lexer = new SqlLexer(text, { sqlMode, flavor });
  const parts: Buffer[] = [];
  for (let done = 0; ; done = lexer.end) {
    const token = lexer.next();
    // What does not end is for the parser to refuse, as it stands.
    if (lexer.malformed) return Buffer.concat([...parts, text.subarray(done)]);
    const between = text.subarray(done, lexer.start);
    parts.push(between.includes('/*') || between.includes('*/') ? Buffer.from(' ') : between);
    // Of a comment alone, that much has to be seen.
    if (token === Token.END) return done === 0 ? text : Buffer.concat(parts);
    parts.push(plainToken(lexer, noEscapes));
  }
}

function plainToken({ token, text, bytes, start, end }: SqlLexer, noEscapes: boolean): Buffer {
  if (token === Token.QUOTED && text.startsWith('"')) return Buffer.from(quoteName(nameValue(text)));
  if (noEscapes && token === Token.STRING && text.includes('\\'))
    return Buffer.from(quoteString(stringValue(text, false)));
  return bytes.subarray(start, end);
}
