import type { Flavor } from '../../charset/index.ts';
import type { Statement, TableName } from '../../sql/index.ts';
import type { ReplicationFilters } from './filters.ts';
import { WildRules } from './wild-rules.ts';

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
  readonly #wildDo: WildRules;
  readonly #wildIgnore: WildRules;
  readonly #flavor: Flavor;
  readonly #rewrites: ReadonlyMap<string, string>;

  constructor(filters: ReplicationFilters, flavor: Flavor = 'mysql') {
    this.#filters = filters;
    this.#flavor = flavor;
    this.#doTables = new Set(filters.doTable);
    this.#ignoreTables = new Set(filters.ignoreTable);
    this.#wildDo = new WildRules(filters.wildDoTable, flavor);
    this.#wildIgnore = new WildRules(filters.wildIgnoreTable, flavor);
    // Of several rules for one database the first counts.
    this.#rewrites = new Map(filters.rewriteDb.toReversed());
  }

  /** The same rules as the appliers of a family take them. */
  of(flavor: Flavor): ReplicateFilter {
    return flavor === this.#flavor ? this : new ReplicateFilter(this.#filters, flavor);
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
      if (this.#wildDo.match(name)) return true;
      if (this.#wildIgnore.match(name)) return false;
    }
    return this.#doTables.size === 0 && this.#wildDo.isEmpty;
  }

  /** The rules of form `db%.%` speak of databases: to MariaDB always, to MySQL where no rule for databases does. */
  #passesDatabaseByTables(schema: string): boolean {
    const { doDb, ignoreDb } = this.#filters;
    if (this.#flavor === 'mysql' && (doDb.length > 0 || ignoreDb.length > 0)) return true;
    if (this.#wildDo.isEmpty && this.#wildIgnore.isEmpty) return true;
    const name = `${schema}.`;
    if (this.#wildDo.match(name)) return true;
    if (this.#wildIgnore.match(name)) return false;
    return this.#wildDo.isEmpty;
  }
}
