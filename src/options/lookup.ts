import type { Dialect, ResolvedOption } from './definition.ts';

/** Prefixes that may stand before an option's name, in the order the real programs try them. */
const prefixes = ['skip', 'disable', 'enable', 'maximum', 'loose', 'autoset'] as const;
export type OptionPrefix = (typeof prefixes)[number];

/** How names are compared: `_` and `-` are the same to both, capitals and small letters only to MariaDB. */
const normal: Readonly<Record<Dialect, (name: string) => string>> = {
  mysql: (name) => name.replaceAll('_', '-'),
  mariadb: (name) => name.replaceAll('_', '-').toLowerCase(),
};

export type NameMatch =
  | { readonly found: 'none' }
  | { readonly found: 'one'; readonly option: ResolvedOption; readonly abbreviated: boolean }
  | { readonly found: 'several'; readonly first: string; readonly last: string };

/** Finds an option by its full name or, in MariaDB, by a prefix that only one native option has. */
export function findByName(options: readonly ResolvedOption[], name: string, dialect: Dialect): NameMatch {
  const compared = normal[dialect];
  const wanted = compared(name);
  const exact = options.find((option) => compared(option.name) === wanted);
  if (exact !== undefined) return { found: 'one', option: exact, abbreviated: false };
  if (dialect === 'mysql') return { found: 'none' };
  const matches = options.filter((option) => option.native && compared(option.name).startsWith(wanted));
  const [first] = matches;
  const last = matches.at(-1);
  if (first === undefined || last === undefined) return { found: 'none' };
  if (first === last) return { found: 'one', option: first, abbreviated: true };
  return { found: 'several', first: first.name, last: last.name };
}

/** The prefix a name starts with, and the name after it. */
export function splitPrefix(
  name: string,
  dialect: Dialect,
): { readonly prefix: OptionPrefix; readonly rest: string } | undefined {
  for (const prefix of prefixes) {
    if (prefix === 'autoset' && dialect === 'mysql') continue;
    const separator = name.charAt(prefix.length);
    const written = dialect === 'mariadb' ? name.toLowerCase() : name;
    if (written.startsWith(prefix) && (separator === '-' || separator === '_'))
      return { prefix, rest: name.slice(prefix.length + 1) };
  }
  return undefined;
}
