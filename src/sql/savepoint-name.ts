/** The last word of SAVEPOINT a, ROLLBACK TO a, ROLLBACK WORK TO SAVEPOINT a; the servers write it in backticks or plain. */
export function savepointName(statement: string): string {
  const text = statement.trim();
  const quoted = /^[^`]*`((?:[^`]|``)*)`$/.exec(text)?.[1];
  return quoted === undefined ? text.slice(text.search(/(?<!\S)\S+$/)) : quoted.replaceAll('``', '`');
}
