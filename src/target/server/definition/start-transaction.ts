import { type LexerOptions, SqlLexer, Token } from '../../../sql/index.ts';

/**
 * Where a definition says START TRANSACTION, which MySQL writes of CREATE TABLE … SELECT: a table without rows whose transaction goes on,
 * and the rows. It stands behind the columns and before the table's options. Undefined: nowhere.
 */
export function startTransaction(
  sql: Uint8Array,
  options: LexerOptions,
): { readonly start: number; readonly end: number } | undefined {
  const lexer = new SqlLexer(sql, options);
  let depth = 0;
  let start = -1;
  while (lexer.next() !== Token.END) {
    if (lexer.isSymbol('(')) depth += 1;
    else if (lexer.isSymbol(')')) depth -= 1;
    if (start >= 0 && lexer.word === 'TRANSACTION') return { start, end: lexer.end };
    start = depth === 0 && lexer.word === 'START' ? lexer.start : -1;
  }
  return undefined;
}

/** The definition without it. */
export function withoutStart(sql: Uint8Array, options: LexerOptions): Uint8Array {
  const place = startTransaction(sql, options);
  if (place === undefined) return sql;
  return Buffer.concat([sql.subarray(0, place.start), sql.subarray(place.end)]);
}
