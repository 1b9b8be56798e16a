import { type LexerOptions, SqlMode } from '../lexer.ts';

/** Types that mean something else in another server's SQL. */
export interface TypeDialect {
  /** By the name that is written. */
  readonly types: ReadonlyMap<string, string>;
  /** Where no length is written behind the name. */
  readonly withoutLength: ReadonlyMap<string, string>;
}

const NONE: ReadonlyMap<string, string> = new Map();
const PLAIN: TypeDialect = { types: NONE, withoutLength: NONE };
const ORACLE: TypeDialect = {
  types: new Map([['date', 'datetime']]),
  withoutLength: new Map([
    ['number', 'double'],
    ['blob', 'longblob'],
  ]),
};
const MAXDB: TypeDialect = { types: new Map([['timestamp', 'datetime']]), withoutLength: NONE };

/** MariaDB writes a type with its dialect in front where it means another one in the mode at hand: `mariadb_schema.date`. */
export const TYPE_DIALECTS: ReadonlyMap<string, TypeDialect> = new Map([
  ['mariadb_schema', PLAIN],
  ['oracle_schema', ORACLE],
  ['maxdb_schema', MAXDB],
]);

/** What a type is, by the name that is written; undefined: it is what it is called. */
export const meantType = (
  { types, withoutLength }: TypeDialect,
  name: string,
  hasLength: boolean,
): string | undefined => types.get(name) ?? (hasLength ? undefined : withoutLength.get(name));

/** What `sql_mode` has a server take types for. */
export function typeDialect({ flavor, sqlMode = 0 }: LexerOptions): TypeDialect {
  const dialect = flavor === 'mariadb' ? ofOtherServer(sqlMode) : PLAIN;
  if ((sqlMode & SqlMode.REAL_AS_FLOAT) === 0) return dialect;
  return { ...dialect, types: new Map([...dialect.types, ['real', 'float']]) };
}

/** MySQL has no such modes. */
function ofOtherServer(sqlMode: number): TypeDialect {
  if ((sqlMode & SqlMode.ORACLE) !== 0) return ORACLE;
  return (sqlMode & SqlMode.MAXDB) === 0 ? PLAIN : MAXDB;
}
