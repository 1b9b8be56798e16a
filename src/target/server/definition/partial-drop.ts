import { type LexerOptions, SqlLexer, Token } from '../../../sql/index.ts';

const TABLE: ReadonlySet<string> = new Set(['TABLE', 'TABLES']);

/**
 * DROP TABLE that the source did in part, such that it drops what is there. MariaDB, and MySQL before 8, drop those of the tables that
 * they have, and log the statement with its error; MySQL since 8 drops all of them or none. Any other statement stays as it is.
 */
export function droppingWhatIsThere(sql: Uint8Array, options: LexerOptions): Uint8Array {
  const lexer = new SqlLexer(sql, options);
  while (lexer.next() !== Token.END) {
    if (!TABLE.has(lexer.word)) continue;
    const { end } = lexer;
    lexer.next();
    if (lexer.word === 'IF') return sql;
    return Buffer.concat([sql.subarray(0, end), Buffer.from(' IF EXISTS'), sql.subarray(end)]);
  }
  return sql;
}
