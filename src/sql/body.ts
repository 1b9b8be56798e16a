import type { StatementReader } from './reader.ts';

/**
 * Where the body of a stored program ends. Its statements end in semicolons too, so what opens and closes is counted:
 * BEGIN and CASE are closed by END (CASE by END CASE as a statement), the rest by END and their own word.
 */

/** Words that open only where a statement may begin: elsewhere they are functions or options. */
const STATEMENT_OPENERS: ReadonlySet<string> = new Set(['IF', 'REPEAT', 'FOR']);
const OPENERS: ReadonlySet<string> = new Set(['BEGIN', 'CASE', 'LOOP', 'WHILE', ...STATEMENT_OPENERS]);
/** After END these belong to it. */
const CLOSERS: ReadonlySet<string> = new Set(['CASE', 'IF', 'LOOP', 'REPEAT', 'WHILE', 'FOR']);
/** Words that a statement may follow; so may `;`, `:` and a `)`. */
const BEFORE_STATEMENT: ReadonlySet<string> = new Set([
  'THEN',
  'ELSE',
  'DO',
  'LOOP',
  'REPEAT',
  'BEGIN',
  'ROW',
  'SQL',
  'DATA',
  'DETERMINISTIC',
  'DEFINER',
  'INVOKER',
]);

const closes = (opener: string, closer: string): boolean =>
  opener === closer || (closer === '' && (opener === 'BEGIN' || opener === 'CASE'));

/** Goes on to the semicolon that ends the whole statement, or to the end of the text. */
export function skipBody(reader: StatementReader): void {
  const open: string[] = [];
  let mayBegin = false;
  while (!reader.atEnd) {
    if (reader.isSymbol(';') && open.length === 0) return;
    const { word } = reader;
    const isName = reader.isSymbol('.') || word === 'XA';
    const separates = reader.isSymbol(';') || reader.isSymbol(':') || reader.isSymbol(')');
    reader.advance();
    if (word === 'END') {
      const closer = CLOSERS.has(reader.word) ? reader.word : '';
      if (closer !== '') reader.advance();
      const at = open.findLastIndex((opener) => closes(opener, closer));
      if (at >= 0) open.length = at;
    } else if (OPENERS.has(word) && (mayBegin || !STATEMENT_OPENERS.has(word))) open.push(word);
    // What follows a dot is a name, and XA BEGIN opens nothing here.
    if (isName && !reader.atEnd) reader.advance();
    mayBegin = separates || BEFORE_STATEMENT.has(word);
  }
}
