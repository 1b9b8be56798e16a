import type { Statement, TableName } from '../../sql/index.ts';
import type { ReplicationFilters } from './filters.ts';

/** CREATE USER, GRANT and the like are changes of the server's own tables. */
const ACCOUNT_TABLES = ['mysql.user'];
/** Statements about a database: the rules for tables are held against every table it could have. */
const ABOUT_DATABASE: ReadonlySet<string> = new Set(['createDatabase', 'alterDatabase', 'dropDatabase']);

/**
 * CHANGE REPLICATION FILTER as a MySQL applier evaluates it.
 *
 * Databases first: with REPLICATE_DO_DB only those, otherwise all but REPLICATE_IGNORE_DB. Of rows the database is that of the table, of a
 * statement the default one. Then tables, in this order: DO_TABLE, IGNORE_TABLE, WILD_DO_TABLE, WILD_IGNORE_TABLE; the first that
 * matches decides, and what matches none passes unless there was something to do.
 */
export class ReplicateFilter {
  readonly #filters: ReplicationFilters;
  readonly #doTables: ReadonlySet<string>;
  readonly #ignoreTables: ReadonlySet<string>;
  readonly #wildDo: readonly RegExp[];
  readonly #wildIgnore: readonly RegExp[];
  readonly #rewrites: ReadonlyMap<string, string>;

  constructor(filters: ReplicationFilters) {
    this.#filters = filters;
    this.#doTables = new Set(filters.doTable);
    this.#ignoreTables = new Set(filters.ignoreTable);
    this.#wildDo = filters.wildDoTable.map(wildPattern);
    this.#wildIgnore = filters.wildIgnoreTable.map(wildPattern);
    this.#rewrites = new Map(filters.rewriteDb);
  }

  /** Whether there is anything to filter or rewrite. */
  get isOn(): boolean {
    return Object.values(this.#filters).some((rules: readonly unknown[]) => rules.length > 0);
  }

  /** Whether any database has another name here. */
  get renames(): boolean {
    return this.#rewrites.size > 0;
  }

  /** The database under its own name here. */
  rewritten(schema: string): string {
    return this.#rewrites.get(schema) ?? schema;
  }

  /** Whether rows of this table pass; the name as it is here. */
  passesTable(schema: string, table: string): boolean {
    return this.#passesDatabase(schema) && this.#passesTables([`${schema}.${table}`]);
  }

  /** Whether a statement passes, whose names are text. `schema`: its default database, as it is here; `database`: the one it is about. */
  passesStatement(statement: Statement, schema: string, database: string | undefined): boolean {
    if (ABOUT_DATABASE.has(statement.kind) && database !== undefined) {
      return this.#passesDatabase(database) && this.#passesDatabaseByTables(database);
    }
    // A statement without a default database is in none that was asked for, and in none that could be left out.
    if (!this.#passesDatabase(schema)) return false;
    if (statement.kind === 'account') return this.#passesTables(ACCOUNT_TABLES);
    const named = statement.tables.map((name: TableName) => `${this.#schemaOf(name, schema)}.${name.table}`);
    return named.length === 0 || this.#passesTables(named);
  }

  #schemaOf(name: TableName, schema: string): string {
    return name.schema === undefined ? schema : this.rewritten(name.schema);
  }

  #passesDatabase(schema: string): boolean {
    const { doDb, ignoreDb } = this.#filters;
    if (doDb.length > 0) return doDb.includes(schema);
    return !ignoreDb.includes(schema);
  }

  #passesTables(names: readonly string[]): boolean {
    for (const name of names) {
      if (this.#doTables.has(name)) return true;
      if (this.#ignoreTables.has(name)) return false;
      if (this.#wildDo.some((pattern) => pattern.test(name))) return true;
      if (this.#wildIgnore.some((pattern) => pattern.test(name))) return false;
    }
    return this.#doTables.size === 0 && this.#wildDo.length === 0;
  }

  /** The rules of form `db%.%` speak of databases, where no rule for databases does. */
  #passesDatabaseByTables(schema: string): boolean {
    const { doDb, ignoreDb } = this.#filters;
    if (doDb.length > 0 || ignoreDb.length > 0) return true;
    if (this.#wildDo.length === 0 && this.#wildIgnore.length === 0) return true;
    const name = `${schema}.`;
    if (this.#wildDo.some((pattern) => pattern.test(name))) return true;
    if (this.#wildIgnore.some((pattern) => pattern.test(name))) return false;
    return this.#wildDo.length === 0;
  }
}

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
