import { nameValue, Token } from '../../sql/index.ts';

const PATH = /^(?:`(?:[^`]|``)+`|[\w$\x80-\xff]+)(?:\s*\.\s*(?:`(?:[^`]|``)+`|[\w$\x80-\xff]+))*(?!\s*[(.])/;
/** Three names of 64 characters. */
const MAX_PATH = 1024;

/** `a.b`, perhaps with another name behind it. */
export function isPlainColumn(tokens: readonly { readonly token: number; readonly text: string }[]): boolean {
  const isName = ({ token }: { readonly token: number }): boolean =>
    token === Token.WORD || token === Token.QUOTED;
  let at = 0;
  while (at < tokens.length && isName(tokens[at]!)) {
    at += 1;
    if (tokens[at]?.text !== '.') break;
    at += 1;
  }
  if (at === 0) return false;
  if (tokens[at]?.text.toUpperCase() === 'AS') at += 1;
  return at >= tokens.length || (at === tokens.length - 1 && isName(tokens[at]!));
}

/** Whether a path of names begins here that ends in a column of exact digits. */
export function namesExactColumn(bytes: Buffer, start: number, exact: ReadonlySet<string>): boolean {
  const path = PATH.exec(bytes.toString('latin1', start, start + MAX_PATH))?.[0];
  const last = path === undefined ? undefined : /(`(?:[^`]|``)+`|[^.`\s]+)\s*$/.exec(path)?.[1];
  return last !== undefined && exact.has(Buffer.from(nameValue(last), 'latin1').toString().toLowerCase());
}
