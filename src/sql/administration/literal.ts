/** What a backslash and a letter stand for; any other character stands for itself (`\%` and `\_` keep their backslash). */
const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\x1a',
  '%': '\\%',
  _: '\\_',
};

const utf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');

/** The value of a string as it stands in a statement, quotes included, one character a byte. */
export function stringValue(token: string, backslashEscapes = true): string {
  return utf8(rawStringValue(token, backslashEscapes));
}

/** The same, of a string that may be no UTF-8: one character a byte. */
export function rawStringValue(token: string, backslashEscapes = true): string {
  const quote = token[0]!;
  const inner = token.slice(1, -1);
  let value = '';
  for (let i = 0; i < inner.length; i += 1) {
    const character = inner[i]!;
    if (character === '\\' && backslashEscapes) {
      i += 1;
      const next = inner[i] ?? '';
      value += ESCAPES[next] ?? next;
    } else {
      if (character === quote) i += 1;
      value += character;
    }
  }
  return value;
}

/** The name behind a word or a quoted identifier, one character a byte. */
export function nameValue(token: string): string {
  const quote = token[0];
  if (quote !== '`' && quote !== '"') return utf8(token);
  return utf8(token.slice(1, -1).replaceAll(quote + quote, quote));
}

/** A string literal any server reads back as `value`. */
export function quoteString(value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n');
  return `'${escaped.replaceAll('\r', '\\r').replaceAll('\0', '\\0')}'`;
}

/** A name in backticks. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
