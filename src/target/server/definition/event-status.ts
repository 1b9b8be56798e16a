import { type LexerOptions, SqlLexer, Token } from '../../../sql/index.ts';

/** The words of both families, of all their versions. */
const STATUS = 'DISABLE ON SLAVE';
/** What stands between CREATE or ALTER and EVENT, but for the definer. */
const BEFORE: ReadonlySet<string> = new Set(['OR', 'REPLACE']);
const SIDES: ReadonlySet<string> = new Set(['SLAVE', 'REPLICA']);

/**
 * CREATE and ALTER EVENT, such that it does not run: what it does at the source is in the source's log. The servers' own replicas do the
 * same, whatever the statement says (SLAVESIDE_DISABLED). Any other statement stays as it is.
 */
export function withoutRunning(sql: Uint8Array, options: LexerOptions): Uint8Array {
  const lexer = new SqlLexer(sql, options);
  lexer.next();
  const isAlter = lexer.word === 'ALTER';
  if (!isAlter && lexer.word !== 'CREATE') return sql;
  if (!goesToEvent(lexer)) return sql;
  const { start, end } = statusOf(lexer, isAlter);
  const isSaid = start < end;
  return Buffer.concat([
    sql.subarray(0, start),
    Buffer.from(isSaid ? STATUS : ` ${STATUS} `),
    sql.subarray(end),
  ]);
}

function goesToEvent(lexer: SqlLexer): boolean {
  while (lexer.next() !== Token.END) {
    if (lexer.word === 'EVENT') return true;
    if (lexer.word === 'DEFINER') skipDefiner(lexer);
    else if (!BEFORE.has(lexer.word)) return false;
  }
  return false;
}

/** `= 'user'@'host'`, as the servers log it, where any word may be the user. */
function skipDefiner(lexer: SqlLexer): void {
  lexer.next();
  lexer.next();
  const { end } = lexer;
  const isCall = lexer.word === 'CURRENT_USER';
  // The host is a token of its own; CURRENT_USER has none, and perhaps parentheses.
  lexer.next();
  if (lexer.token === Token.VARIABLE) return;
  if (isCall && lexer.isSymbol('(')) lexer.next();
  else lexer.end = end;
}

/** Where the status stands, or would: behind the schedule and before the comment and the body. */
function statusOf(lexer: SqlLexer, isAlter: boolean): { readonly start: number; readonly end: number } {
  if (isAlter) skipName(lexer);
  let isBehind = isAlter;
  let { end } = lexer;
  while (lexer.next() !== Token.END) {
    const { word, start } = lexer;
    if (isBehind && (word === 'COMMENT' || word === 'DO')) return { start: end, end };
    if (isBehind && word === 'ENABLE') return { start, end: lexer.end };
    if (isBehind && word === 'DISABLE') return { start, end: endOfDisable(lexer) };
    if (word === 'SCHEDULE') isBehind = true;
    // The name that follows may be any word.
    if (word === 'TO') skipName(lexer);
    ({ end } = lexer);
  }
  return { start: end, end };
}

function endOfDisable(lexer: SqlLexer): number {
  const { end } = lexer;
  lexer.next();
  if (lexer.word !== 'ON') return end;
  lexer.next();
  return SIDES.has(lexer.word) ? lexer.end : end;
}

/** `name`, `schema.name` */
function skipName(lexer: SqlLexer): void {
  lexer.next();
  const { end } = lexer;
  lexer.next();
  if (lexer.isSymbol('.')) lexer.next();
  else lexer.end = end;
}
