import { SqlLexer, type Statement, Token } from '../../sql/index.ts';

const DATABASE_WORDS: ReadonlySet<string> = new Set(['DATABASE', 'SCHEMA']);
const EXISTS_WORDS: ReadonlySet<string> = new Set(['IF', 'NOT', 'EXISTS']);

/** The database that CREATE, ALTER or DROP DATABASE names; undefined for other statements. */
export function namedDatabase({ kind }: Statement, sql: Uint8Array): string | undefined {
  if (!kind.endsWith('Database')) return undefined;
  const lexer = new SqlLexer(sql);
  while (lexer.next() !== Token.END && !DATABASE_WORDS.has(lexer.word));
  lexer.next();
  while (EXISTS_WORDS.has(lexer.word)) lexer.next();
  const { text } = lexer;
  const name = lexer.token === Token.QUOTED ? text.slice(1, -1).replaceAll('``', '`') : text;
  return Buffer.from(name, 'latin1').toString();
}
