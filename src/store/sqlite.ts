import { UsageError } from '../errors/index.ts';
import { keepingEmptyBytes, losesEmptyBytes, neverNull } from './empty-bytes.ts';
import { failingAtItsEnd } from './failing-aggregate.ts';
import { countingInBigints } from './large-rowids.ts';
import { trySmallReals } from './small-reals.ts';
import type { SqliteDatabase } from './sqlite-database.ts';

interface SqliteModule {
  readonly StatementSync: { readonly prototype: object };
  readonly DatabaseSync: {
    new (path: string, options?: { readonly timeout?: number }): SqliteDatabase;
    readonly prototype: object;
  };
}

/** The runtime's own SQLite where it has one that will do (Node 22.16), else the package's. In variables, so that no bundler looks. */
const PROVIDERS: readonly string[] = ['node:sqlite', '@photostructure/sqlite'];

let loaded: Promise<SqliteModule> | undefined;

async function load(): Promise<SqliteModule> {
  let cause: unknown;
  for (const provider of PROVIDERS) {
    try {
      const module = (await import(provider)) as SqliteModule;
      // Node 22.13 to 22.15 have statements that do not tell their columns, and no aggregates; Node 23 never had those.
      const { StatementSync, DatabaseSync } = module;
      if ('columns' in StatementSync.prototype && 'aggregate' in DatabaseSync.prototype) return module;
    } catch (error) {
      cause = error;
    }
  }
  throw new UsageError('no SQLite is here', {
    cause,
    hint: 'Use Node 22.16 or later, or install the optional package @photostructure/sqlite.',
  });
}

let isLosing: boolean | undefined;

/** Opens or makes a database; `:memory:` keeps it in memory. @throws UsageError where there is no SQLite at all */
export async function openSqlite(path: string): Promise<SqliteDatabase> {
  const { DatabaseSync } = await (loaded ??= load());
  return withoutFaults(new DatabaseSync(path, { timeout: 0 }));
}

/** What bindings do otherwise than they say is done here. */
function withoutFaults(database: SqliteDatabase): SqliteDatabase {
  const own = {
    prepare: database.prepare.bind(database),
    function: database.function.bind(database),
    aggregate: database.aggregate.bind(database),
  };
  if (isLosing === undefined) {
    isLosing = losesEmptyBytes(database);
    trySmallReals(database);
  }
  const mended: Pick<SqliteDatabase, keyof typeof own> = {
    prepare: (sql) => {
      const statement = countingInBigints(own.prepare(sql));
      return isLosing === true ? keepingEmptyBytes(statement) : statement;
    },
    function: (name, options, body) => own.function(name, options, neverNull(body)),
    aggregate: (name, given) =>
      own.aggregate(name, failingAtItsEnd({ ...given, result: neverNull(given.result) })),
  };
  for (const [name, value] of Object.entries(mended)) Object.defineProperty(database, name, { value });
  return database;
}
