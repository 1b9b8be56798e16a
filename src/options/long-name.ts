import type { Dialect, ResolvedOption } from './definition.ts';
import { findByName, type NameMatch, type OptionPrefix, splitPrefix } from './lookup.ts';

/** What `--text` means. */
export type LongName = {
  /** The word after all prefixes that were taken off, value included. */
  readonly written: string;
  readonly loose: boolean;
  /** Messages speak of a variable, not of an option: a value was given, and a prefix tried. */
  readonly mustBeVariable: boolean;
  /** The name was cut short: as written, and in full. */
  readonly abbreviated: { readonly written: string; readonly name: string } | undefined;
} & (
  | {
      readonly found: 'one';
      readonly option: ResolvedOption;
      /** `'0'` where a prefix switched it off; undefined where there is none, or a prefix switched it on. */
      readonly argument: string | undefined;
      /** A prefix decided about the argument; the word after it is not one. */
      readonly enabledByPrefix: boolean;
      readonly autoset: boolean;
    }
  | {
      readonly found: 'several';
      /** The prefix next to the name. */
      readonly prefix: OptionPrefix | undefined;
      readonly first: string;
      readonly last: string;
    }
  | { readonly found: 'none' }
);

const DISABLED = '0';

/** What a prefix makes of an argument; `--skip-x=0` is a double negation. */
const switches: Readonly<
  Partial<Record<OptionPrefix, (argument: string | undefined) => string | undefined>>
> = {
  skip: (argument) => (argument === '0' ? undefined : DISABLED),
  disable: (argument) => (argument === '0' ? undefined : DISABLED),
  enable: (argument) => (argument === '0' ? DISABLED : undefined),
};

/** Reads a long option: its name, with prefixes taken off one by one until it is known, and its value. */
export function readLongName(options: readonly ResolvedOption[], text: string, dialect: Dialect): LongName {
  const whole = dialect === 'mariadb' ? afterStructName(text) : text;
  const equals = whole.indexOf('=');
  const valueLength = equals < 0 ? 0 : whole.length - equals;
  const argument = equals < 0 ? undefined : whole.slice(equals + 1);
  const find = (written: string): NameMatch =>
    findByName(options, written.slice(0, written.length - valueLength), dialect);

  let written = whole;
  let match = find(written);
  const prefixes: OptionPrefix[] = [];
  const triedPrefixes = match.found === 'none';
  while (match.found === 'none') {
    const split = splitPrefix(written, dialect);
    if (split === undefined || split.rest.length < valueLength) break;
    written = split.rest;
    prefixes.push(split.prefix);
    match = find(written);
  }
  const prefix = prefixes.at(-1);
  const common = {
    written,
    loose: prefixes.includes('loose'),
    mustBeVariable: triedPrefixes && argument !== undefined,
    abbreviated: undefined,
  };
  if (match.found === 'none') return { ...common, found: 'none' };
  if (match.found === 'several')
    return {
      ...common,
      found: 'several',
      prefix,
      first: match.first,
      last: match.last,
    };
  const change = prefix === undefined ? undefined : switches[prefix];
  const { option } = match;
  return {
    ...common,
    found: 'one',
    option,
    argument: change === undefined ? argument : change(argument),
    enabledByPrefix: change !== undefined,
    autoset: prefixes.includes('autoset'),
    abbreviated: match.abbreviated
      ? { written: written.slice(0, written.length - valueLength), name: option.name }
      : undefined,
  };
}

/** MariaDB reads `--cache.option=1` as `option` of a structure called `cache`, also where there are no structures. */
function afterStructName(text: string): string {
  const dot = text.indexOf('.', 1);
  const equals = text.indexOf('=');
  const end = equals < 0 ? text.length : equals;
  return dot > 0 && end - dot > 1 ? text.slice(dot + 1) : text;
}
