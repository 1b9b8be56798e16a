const CONTEXT_LINES = 2;
const SHOWN_CHARACTERS = 160;

function show(line: string | undefined): string {
  if (line === undefined) return '(end)';
  const text = JSON.stringify(line).slice(1, -1);
  return text.length > SHOWN_CHARACTERS
    ? `${text.slice(0, SHOWN_CHARACTERS)}… (${text.length} characters)`
    : text;
}

/** Cut equal beginnings that would push the difference out of sight. */
function showPair(expected: string | undefined, actual: string | undefined): [string, string] {
  if (expected === undefined || actual === undefined) return [show(expected), show(actual)];
  let same = 0;
  while (same < expected.length && expected[same] === actual[same]) same++;
  const from = Math.max(0, same - SHOWN_CHARACTERS / 2);
  const lead = from === 0 ? '' : `…(${from}) `;
  return [lead + show(expected.slice(from)), lead + show(actual.slice(from))];
}

/**
 * Where two outputs part: the first line that differs, with the lines before it. Undefined where they are equal.
 * Bytes that are not ASCII are shown as single Latin-1 characters, so that every difference of bytes is one of text.
 */
export function firstDifference(what: string, expected: Buffer, actual: Buffer): string | undefined {
  if (expected.equals(actual)) return undefined;
  const a = expected.toString('latin1').split('\n');
  const b = actual.toString('latin1').split('\n');
  let line = 0;
  while (line < a.length && line < b.length && a[line] === b[line]) line++;
  const before = a.slice(Math.max(0, line - CONTEXT_LINES), line).map((text) => `      ${show(text)}`);
  const [want, have] = showPair(a[line], b[line]);
  const head = `  ${what}: line ${line + 1} differs (${expected.length} bytes expected, ${actual.length} came)`;
  return [head, ...before, `    - ${want}`, `    + ${have}`].join('\n');
}
