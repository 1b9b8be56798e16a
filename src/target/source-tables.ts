import type { Flavor } from '../charset/index.ts';
import { type Connection, type ConnectOptions, connect } from '../connection/index.ts';
import { ConnectionError, ServerError } from '../errors/index.ts';
import { parseTableStatement } from '../sql/index.ts';
import { Catalog, type Table } from './schema/index.ts';

/** ER_NO_SUCH_TABLE, ER_BAD_DB_ERROR, ER_TABLEACCESS_DENIED_ERROR: nothing that could be learned by asking again. */
const NOT_SHOWN: ReadonlySet<number> = new Set([1146, 1049, 1142]);

const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** Asks the source how its tables are defined now, for tables that were there before the log began to be read. */
export class SourceTables {
  readonly #options: ConnectOptions;
  #connection: Connection | undefined;

  constructor(options: ConnectOptions) {
    this.#options = options;
  }

  /** The table as the source shows it; undefined: it shows none of that name. */
  async find(schema: string, name: string): Promise<Table | undefined> {
    const shown = await this.#show(`SHOW CREATE TABLE ${quoted(schema)}.${quoted(name)}`);
    if (shown === undefined) return undefined;
    const flavor: Flavor = /mariadb/i.test(this.#connection?.serverVersion ?? '') ? 'mariadb' : 'mysql';
    const statement = parseTableStatement(shown, { flavor });
    const catalog = new Catalog();
    // The text names the table's character set; columns of the source's own making (versioning) are shown too.
    catalog.follow(statement, { schema, charset: 'utf8mb4' });
    return catalog.get(schema, name);
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
  }

  async #show(sql: string, isRetry = false): Promise<Uint8Array | undefined> {
    try {
      this.#connection ??= await connect(this.#options);
      const outcome = await this.#connection.query(sql);
      const text = 'rows' in outcome ? outcome.rows[0]?.[1] : undefined;
      return text ?? undefined;
    } catch (error) {
      if (error instanceof ServerError && NOT_SHOWN.has(error.errno)) return undefined;
      if (!(error instanceof ConnectionError) || isRetry) throw error;
      // It was idle for long: once more, on a new one.
      this.#connection = undefined;
      return this.#show(sql, true);
    }
  }
}
