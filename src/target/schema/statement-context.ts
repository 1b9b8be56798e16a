import { charsetOfCollationName, type Flavor, formerDefaultCollation } from '../../charset/index.ts';

/** Under which settings a statement ran. */
export interface StatementContext {
  /** The session's default schema. */
  readonly schema: string;
  /** Collation of tables and schemas that name none: `collation_server` of the source. */
  readonly collation: string;
  readonly flavor: Flavor;
  /**
   * Collations that their character set alone means, where that is a setting: MySQL's `default_collation_for_utf8mb4`, MariaDB's
   * `character_set_collations`.
   */
  readonly defaultCollations: readonly string[];
  /** `explicit_defaults_for_timestamp`: false for what servers did before there was such a setting; undefined: not known, where nothing hangs on it. */
  readonly explicitDefaultsForTimestamp?: boolean | undefined;
  /** When it did, in seconds since 1970. */
  readonly seconds?: number;
}

/** The context of what SHOW CREATE and dump tools write: they name each collation that is not the former default. */
export const contextOfText = (schema: string, flavor: Flavor): StatementContext => ({
  schema,
  collation: 'utf8mb4_general_ci',
  flavor,
  defaultCollations: [],
  explicitDefaultsForTimestamp: true,
});

/** The collation that a character set alone means; undefined: not known. */
export function collationOfCharset(
  charset: string,
  { flavor, defaultCollations }: Pick<StatementContext, 'flavor' | 'defaultCollations'>,
): string | undefined {
  const set = defaultCollations.find((name) => charsetOfCollationName(name)?.name === charset);
  return set ?? formerDefaultCollation(charset, flavor);
}
