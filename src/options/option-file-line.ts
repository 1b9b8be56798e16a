import type { Dialect } from './definition.ts';

/**
 * One line of an option file. The grammar is `my.cnf`'s: `[group]`, `name`, `name = value`, `!include file`,
 * `!includedir folder`, comments after `#` (anywhere outside quotes) or `;` (at the start of a line).
 */
export type OptionFileLine =
  | { readonly kind: 'empty' }
  | { readonly kind: 'group'; readonly name: string }
  | { readonly kind: 'badGroup' }
  | { readonly kind: 'directive'; readonly name: string; readonly target: string; readonly text: string }
  /** `argument` is the option as a word of a command line: `--name` or `--name=value`. */
  | { readonly kind: 'option'; readonly argument: string };

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  s: ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

// The server's my_isspace for latin1: blank, tab to carriage return, and the no-break space.
const leadingSpace = /^[ \t-\r\u00a0]+/;
const trailingSpace = /(?<![ \t-\r\u00a0])[ \t-\r\u00a0]+$/;
const trim = (text: string): string => text.replace(leadingSpace, '').replace(trailingSpace, '');

/** Cuts a comment off that starts outside quotes. A backslash only protects inside quotes. */
function withoutComment(text: string): string {
  let quote = '';
  let escaped = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if ((character === "'" || character === '"') && !escaped) {
      if (quote === '') quote = character;
      else if (quote === character) quote = '';
    }
    if (quote === '' && character === '#') return text.slice(0, at);
    escaped = quote !== '' && character === '\\' && !escaped;
  }
  return text;
}

/** Takes one pair of quotes off and replaces escapes. A backslash before any other character stays. */
function unquote(value: string): string {
  const quoted =
    value.length > 1 && (value.startsWith('"') || value.startsWith("'")) && value.endsWith(value.charAt(0));
  const inner = quoted ? value.slice(1, -1) : value;
  return inner.replace(/\\([^])/g, (both, letter: string) => escapes[letter] ?? both);
}

/** How a line stands in its file. */
export interface LineSurroundings {
  readonly dialect: Dialect;
  /** False in the login file, which has none at the end of a line. */
  readonly comments: boolean;
  /** Whether a line end follows: the last line of a file may have none. */
  readonly isEnded: boolean;
}

/** What `!include` and `!includedir` are followed by, as far as the programs read it. */
function directiveTarget(text: string, { dialect, isEnded }: LineSurroundings): string {
  if (dialect === 'mysql') return withoutComment(text);
  // MariaDB takes the last character for the line's end, whatever it is.
  return isEnded ? text : text.slice(0, -1);
}

/**
 * The name before the `=` of a line. The programs go back over blanks from there: where a name is missing and blanks stand in its place, they go
 * beyond its start and take all that is left for the name: up to the comment, or with the line's end.
 */
function optionName(content: string, equals: number, isIndented: boolean, hasEnd: boolean): string {
  if (equals === 0 && isIndented) return hasEnd ? `${content}\n` : content;
  return content.slice(0, equals).replace(trailingSpace, '');
}

/** Reads one line. */
export function readOptionFileLine(line: string, surroundings: LineSurroundings): OptionFileLine {
  const text = line.replace(leadingSpace, '');
  if (text === '' || text.startsWith('#') || text.startsWith(';')) return { kind: 'empty' };
  if (text.startsWith('!')) {
    const directive = text.slice(1).replace(leadingSpace, '');
    const whole = surroundings.isEnded ? `${directive}\n` : directive;
    const [, name = '', target = ''] = /^(includedir|include)(?=[ \t-\r])([^]*)$/.exec(whole) ?? [];
    return { kind: 'directive', name, target: trim(directiveTarget(target, surroundings)), text: trim(text) };
  }
  if (text.startsWith('[')) {
    const end = text.indexOf(']');
    if (end < 0) return { kind: 'badGroup' };
    return { kind: 'group', name: text.slice(1, end).replace(trailingSpace, '') };
  }
  const content = surroundings.comments ? withoutComment(text) : text;
  const equals = content.indexOf('=');
  if (equals < 0) return { kind: 'option', argument: `--${content.replace(trailingSpace, '')}` };
  const hasEnd = surroundings.isEnded && content.length === text.length;
  const name = optionName(content, equals, text.length < line.length, hasEnd);
  return { kind: 'option', argument: `--${name}=${unquote(trim(content.slice(equals + 1)))}` };
}
