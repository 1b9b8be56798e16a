import type { Flavor } from '../charset/index.ts';
import {
  type Connection,
  type ConnectOptions,
  connect,
  showDefinitionsPlainly,
} from '../connection/index.ts';
import { ConnectionError, ServerError } from '../errors/index.ts';
import type { ReplicationFilters } from '../replication/index.ts';
import { parseTableStatement } from '../sql/index.ts';
import { Catalog, charsetOf, contextOfText, type Table } from './schema/index.ts';
import type { SourceLookUp } from './target.ts';

/** ER_NO_SUCH_TABLE, ER_BAD_DB_ERROR, ER_TABLEACCESS_DENIED_ERROR: nothing that could be learned by asking again. */
const NOT_SHOWN: ReadonlySet<number> = new Set([1146, 1049, 1142]);

/** Moments and time zones that need no quoting; a zone comes from the log. */
const PLAIN = /^[\w/+: -]{1,64}$/;

/** Longest silence of a server that was asked for a table, in milliseconds. */
const ANSWER_TIMEOUT_MS = 60_000;

/** The names that a schema of the target may have at the source. */
function namesAtSource(rewrites: ReplicationFilters['rewriteDb'], schema: string): readonly string[] {
  // Of several rules for one schema the first counts.
  const moves = new Map(rewrites.toReversed());
  const renamed = [...moves].filter(([, to]) => to === schema).map(([from]) => from);
  return moves.has(schema) ? renamed : [...renamed, schema];
}

const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** Asks the source how its tables are defined now, for tables that were there before the log began to be read. */
export class SourceTables {
  readonly #options: () => ConnectOptions | Promise<ConnectOptions>;
  #connection: Connection | undefined;
  /** Schemas it would tell nothing of, which it is not asked for again before every table; one that was away is. */
  readonly #notShown = new Set<string>();

  /** `options`: how to reach it; a function is asked at each attempt, for secrets may change. */
  constructor(options: ConnectOptions | (() => Promise<ConnectOptions>)) {
    this.#options = typeof options === 'function' ? options : () => options;
  }

  /** Asks by names of the target. `rewrites`: schemas that have another one there. */
  renamed(rewrites: ReplicationFilters['rewriteDb']): SourceLookUp {
    const first = async <T>(
      schema: string,
      ask: (candidate: string) => Promise<T | undefined>,
    ): Promise<T | undefined> => {
      for (const candidate of namesAtSource(rewrites, schema)) {
        // oxlint-disable-next-line no-await-in-loop -- the first that has it
        const found = await ask(candidate);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    return {
      table: async (schema, name) => {
        const found = await first(schema, (candidate) => this.find(candidate, name));
        return found === undefined ? undefined : { ...found, schema };
      },
      collation: (schema) => first(schema, (candidate) => this.collationOf(candidate)),
      explicitDefaultsForTimestamp: () => this.explicitDefaultsForTimestamp(),
      systemTimeZone: () => this.systemTimeZone(),
      inZone: (moment, from, to) => this.inZone(moment, from, to),
    };
  }

  /** The table as the source shows it; undefined: it shows none of that name. */
  async find(schema: string, name: string): Promise<Table | undefined> {
    const shown = await this.#show(`SHOW CREATE TABLE ${quoted(schema)}.${quoted(name)}`);
    if (shown === undefined) return undefined;
    const flavor = this.#flavor;
    const statement = parseTableStatement(shown, { flavor });
    const catalog = new Catalog();
    // The text names the table's character set; columns of the source's own making (versioning) are shown too.
    catalog.follow(statement, contextOfText(schema, flavor));
    const table = catalog.get(schema, name);
    if (table?.partitioning === undefined || table.partitioning.method === 'unknown') return table;
    const [seconds] = (await this.#ask('SELECT UNIX_TIMESTAMP()')) ?? [];
    const seenAt = seconds == null ? Number.MAX_SAFE_INTEGER : Number(Buffer.from(seconds).toString());
    return { ...table, partitioning: { ...table.partitioning, seenAt } };
  }

  /** The default collation of a schema; undefined: the source does not show it, or cannot be reached. */
  async collationOf(schema: string): Promise<string | undefined> {
    if (this.#notShown.has(schema)) return undefined;
    try {
      const shown = await this.#show(`SHOW CREATE DATABASE ${quoted(schema)}`);
      if (shown === undefined) this.#notShown.add(schema);
      const statement = shown === undefined ? undefined : parseTableStatement(shown);
      if (statement?.kind !== 'createSchema' || charsetOf(statement) === undefined) return undefined;
      const catalog = new Catalog();
      catalog.follow(statement, contextOfText(schema, this.#flavor));
      return catalog.collationOf(statement.schema);
    } catch (error) {
      if (error instanceof ServerError) this.#notShown.add(schema);
      else if (!(error instanceof ConnectionError)) throw error;
      return undefined;
    }
  }

  /** See {@link SourceLookUp.explicitDefaultsForTimestamp}. A server that has no such setting has none that is on. */
  async explicitDefaultsForTimestamp(): Promise<boolean | undefined> {
    const answer = await this.#tell('SELECT @@GLOBAL.explicit_defaults_for_timestamp', '0');
    return answer === undefined ? undefined : answer === '1';
  }

  /** See {@link SourceLookUp.systemTimeZone}. */
  async systemTimeZone(): Promise<string | undefined> {
    return this.#tell('SELECT @@system_time_zone');
  }

  /** See {@link SourceLookUp.inZone}. */
  async inZone(moment: string, from: string, to: string): Promise<string | undefined> {
    if (![moment, from, to].every((text) => PLAIN.test(text))) return undefined;
    return this.#tell(`SELECT CONVERT_TZ('${moment}', '${from}', '${to}')`);
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
  }

  /** Of the source that was asked last. */
  get #flavor(): Flavor {
    return /mariadb/i.test(this.#connection?.serverVersion ?? '') ? 'mariadb' : 'mysql';
  }

  /** What SHOW CREATE says of something; undefined: it is not shown. */
  async #show(sql: string): Promise<Uint8Array | undefined> {
    return (await this.#ask(sql))?.[1] ?? undefined;
  }

  async #connect(): Promise<Connection> {
    const connection = await connect({ readTimeoutMs: ANSWER_TIMEOUT_MS, ...(await this.#options()) });
    await showDefinitionsPlainly(connection);
    return connection;
  }

  /** One value; `refused`: what a server has that refuses to say. Undefined: NULL, or it cannot be reached. */
  async #tell(sql: string, refused?: string): Promise<string | undefined> {
    try {
      const [answer] = (await this.#ask(sql)) ?? [];
      return answer == null ? undefined : Buffer.from(answer).toString();
    } catch (error) {
      if (error instanceof ServerError) return refused;
      if (error instanceof ConnectionError) return undefined;
      throw error;
    }
  }

  /** The first row of an answer. */
  async #ask(sql: string, isRetry = false): Promise<readonly (Uint8Array | null)[] | undefined> {
    try {
      this.#connection ??= await this.#connect();
      const outcome = await this.#connection.query(sql);
      return 'rows' in outcome ? outcome.rows[0] : undefined;
    } catch (error) {
      if (error instanceof ServerError && NOT_SHOWN.has(error.errno)) return undefined;
      if (!(error instanceof ConnectionError) || isRetry) throw error;
      // It was idle for long: once more, on a new one.
      this.#connection = undefined;
      return this.#ask(sql, true);
    }
  }
}
