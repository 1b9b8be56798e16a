/** What a prompt can say. */
export interface PromptFacts {
  readonly user: string;
  readonly host: string;
  readonly port: string;
  readonly schema: string;
  readonly version: string;
  readonly delimiter: string;
  /** Statements so far. */
  readonly count: number;
  readonly now: Date;
}

const two = (number: number): string => String(number).padStart(2, '0');
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What stands for the letter behind a `\`: mysql's. Any other letter stands for itself. */
const ESCAPES: Readonly<Record<string, (facts: PromptFacts) => string>> = {
  c: ({ count }) => String(count),
  d: ({ schema }) => schema || '(none)',
  D: ({ now }) => now.toString().slice(0, 24),
  h: ({ host }) => host,
  l: ({ delimiter }) => delimiter,
  m: ({ now }) => two(now.getMinutes()),
  n: () => '\n',
  o: ({ now }) => two(now.getMonth() + 1),
  O: ({ now }) => MONTHS[now.getMonth()]!,
  p: ({ port }) => port,
  P: ({ now }) => (now.getHours() < 12 ? 'am' : 'pm'),
  R: ({ now }) => two(now.getHours()),
  r: ({ now }) => two(now.getHours() % 12 || 12),
  s: ({ now }) => two(now.getSeconds()),
  S: () => ';',
  t: () => '\t',
  u: ({ user }) => user.replace(/@.*$/, ''),
  U: ({ user }) => user,
  v: ({ version }) => version,
  w: ({ now }) => DAYS[now.getDay()]!,
  Y: ({ now }) => String(now.getFullYear()),
  y: ({ now }) => two(now.getFullYear() % 100),
  _: () => ' ',
  ' ': () => ' ',
};

/** The prompt that a text with `\` escapes asks for. */
export function promptText(pattern: string, facts: PromptFacts): string {
  return pattern.replaceAll(/\\(.)/gs, (_, letter: string) => ESCAPES[letter]?.(facts) ?? letter);
}
