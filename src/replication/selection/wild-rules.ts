import type { Flavor } from '../../charset/index.ts';

/** Patterns of REPLICATE_WILD_DO_TABLE and REPLICATE_WILD_IGNORE_TABLE. */
export class WildRules {
  readonly #patterns: readonly RegExp[];
  readonly #compared: (name: string) => string;

  constructor(rules: readonly string[], flavor: Flavor) {
    this.#compared = compared[flavor];
    this.#patterns = rules.map((rule) => wildPattern(this.#compared(rule)));
  }

  get isEmpty(): boolean {
    return this.#patterns.length === 0;
  }

  /** Whether `schema.table` is like any of them. */
  match(name: string): boolean {
    if (this.isEmpty) return false;
    const text = this.#compared(name);
    return this.#patterns.some((pattern) => pattern.test(text));
  }
}

/**
 * What is compared of a name. To MySQL `_` is any byte of UTF-8, and letters differ by case; MariaDB compares characters by
 * utf8mb3_general_ci, which knows neither case nor accents.
 */
const compared: Readonly<Record<Flavor, (name: string) => string>> = {
  mysql: (name) => Buffer.from(name).toString('latin1'),
  mariadb: (name) => name.normalize('NFD').replaceAll(/\p{M}/gu, '').toUpperCase(),
};

/** `%` is any text, `_` any character; a backslash takes the meaning away. */
function wildPattern(rule: string): RegExp {
  let pattern = '';
  for (let at = 0; at < rule.length; at += 1) {
    const character = rule[at]!;
    if (character === '\\' && at + 1 < rule.length) pattern += escaped(rule[(at += 1)]!);
    else if (character === '%') pattern += '[^]*';
    else if (character === '_') pattern += '[^]';
    else pattern += escaped(character);
  }
  return new RegExp(`^${pattern}$`, 'u');
}

const escaped = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
