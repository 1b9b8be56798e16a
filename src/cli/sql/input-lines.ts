/** Lines of a text, without what ends them. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n').map(withoutReturn);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Lines of bytes as they come, a byte in each character: what is no UTF-8 passes through as it is. */
export async function* linesOfStream(
  input: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<string, void> {
  let parts: string[] = [];
  for await (const chunk of input) {
    const lines = Buffer.from(chunk as Uint8Array)
      .toString('latin1')
      .split('\n');
    for (const [i, line] of lines.entries()) {
      parts.push(line);
      if (i === lines.length - 1) break;
      yield withoutReturn(parts.join(''));
      parts = [];
    }
  }
  const rest = parts.join('');
  if (rest !== '') yield rest;
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
