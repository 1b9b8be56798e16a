/** How statements of a Query event open and close transactions, by their first letters as the original looks at them. */

/** The original compares as many characters as the statement has, so that every beginning of the word counts. */
function isPrefixOf(statement: Buffer, word: string): boolean {
  if (statement.length > word.length) return false;
  for (let i = 0; i < statement.length; i += 1) if (statement[i] !== word.charCodeAt(i)) return false;
  return true;
}

function beginsWith(statement: Buffer, words: string): boolean {
  if (statement.length < words.length) return false;
  for (let i = 0; i < words.length; i += 1) if (statement[i] !== words.charCodeAt(i)) return false;
  return true;
}

/** `words` in capitals. */
function beginsWithAnyCase(statement: Buffer, words: string): boolean {
  if (statement.length < words.length) return false;
  for (let i = 0; i < words.length; i += 1) {
    const byte = statement[i]!;
    const upper = byte >= 0x61 && byte <= 0x7a ? byte - 32 : byte;
    if (upper !== words.charCodeAt(i)) return false;
  }
  return true;
}

export function startsGroup(statement: Buffer): boolean {
  return isPrefixOf(statement, 'BEGIN') || beginsWith(statement, 'XA START');
}

export function endsGroup(statement: Buffer): boolean {
  return (
    isPrefixOf(statement, 'COMMIT') ||
    (beginsWithAnyCase(statement, 'ROLLBACK') && !beginsWithAnyCase(statement, 'ROLLBACK TO ')) ||
    beginsWith(statement, 'XA ROLLBACK')
  );
}

const keywords = [
  'SAVEPOINT',
  'ROLLBACK',
  'XA START',
  'XA END',
  'XA PREPARE',
  'XA COMMIT',
  'XA ROLLBACK',
] as const;

/** Statements that `--database` lets pass whatever their database. */
export function isTransactionKeyword(statement: Buffer): boolean {
  return (
    isPrefixOf(statement, 'BEGIN') ||
    isPrefixOf(statement, 'COMMIT') ||
    keywords.some((words) => beginsWithAnyCase(statement, words))
  );
}
