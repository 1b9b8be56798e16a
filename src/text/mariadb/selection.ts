import type { PrintOptions } from '../print-options.ts';

/** `--database`, `--table`, `--rewrite-db` and the server id lists. Names are bytes in latin1. */
export class Selection {
  readonly #database: string | undefined;
  readonly #table: string | undefined;
  readonly #rewrites: ReadonlyMap<string, string>;
  readonly #doServers: ReadonlySet<number>;
  readonly #ignoreServers: ReadonlySet<number>;

  constructor(options: PrintOptions) {
    this.#database = options.database;
    this.#table = options.table;
    // Of several rules for one name the first counts: later entries of a Map win.
    this.#rewrites = new Map([...options.rewriteDb].reverse().map(({ from, to }) => [from, to]));
    this.#doServers = new Set(options.doServerIds);
    this.#ignoreServers = new Set(options.ignoreServerIds);
  }

  /** A statement without a default database is of no database that can be asked for. */
  skipsDatabase(name: Uint8Array): boolean {
    return this.#database !== undefined && Buffer.from(name).toString('latin1') !== this.#database;
  }

  skipsTable(name: Uint8Array): boolean {
    return this.#table !== undefined && Buffer.from(name).toString('latin1') !== this.#table;
  }

  skipsServer(serverId: number): boolean {
    if (this.#doServers.size > 0 && !this.#doServers.has(serverId)) return true;
    return this.#ignoreServers.has(serverId);
  }

  /** What `--rewrite-db` makes of a name; undefined where it stays. */
  rewritten(name: Buffer): Buffer | undefined {
    if (this.#rewrites.size === 0) return undefined;
    const to = this.#rewrites.get(name.toString('latin1'));
    return to === undefined ? undefined : Buffer.from(to, 'latin1');
  }
}
