import { SqlLexer, type Statement, Token } from '../../sql/index.ts';
import { nameText } from './statement-names.ts';
import type { StatementReading } from './statement-reading.ts';

const DATABASE_WORDS: ReadonlySet<string> = new Set(['DATABASE', 'SCHEMA']);
const EXISTS_WORDS: ReadonlySet<string> = new Set(['IF', 'NOT', 'EXISTS']);

/** The database that CREATE, ALTER or DROP DATABASE names; undefined for other statements. */
export function namedDatabase(
  { kind }: Statement,
  sql: Uint8Array,
  reading: StatementReading,
): string | undefined {
  if (!kind.endsWith('Database')) return undefined;
  const lexer = new SqlLexer(sql, reading);
  while (lexer.next() !== Token.END && !DATABASE_WORDS.has(lexer.word));
  lexer.next();
  while (EXISTS_WORDS.has(lexer.word)) lexer.next();
  return nameText(unquoted(lexer), reading);
}

/** A name in backticks, or in double quotes under ANSI_QUOTES, holds its quotes twice. */
function unquoted({ token, text }: SqlLexer): string {
  if (token !== Token.QUOTED) return text;
  const quote = text[0]!;
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}
