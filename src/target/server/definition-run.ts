import { setTimeout as pause } from 'node:timers/promises';
import { decodeBody, type Flavor, LogState, type Query } from '../../binlog/index.ts';
import type { Connection } from '../../connection/index.ts';
import { FormatError, ServerError, UsageError } from '../../errors/index.ts';
import type { QualifiedName } from '../../sql/index.ts';
import type { Definition } from '../target.ts';
import { differs, type Fingerprint, namesOf, takeFingerprint } from './fingerprint.ts';
import { mayRunAgain, saysDone } from './rerun.ts';
import { defaultSchema, type SessionMemory, statementSettings } from './session-settings.ts';
import type { Journal } from './state-tables.ts';

/** ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK: somebody holds the table. */
const RETRIED: ReadonlySet<number> = new Set([1205, 1213]);
const RETRIES = 10;

/** MySQL writes CREATE TABLE … SELECT as a table without rows whose transaction goes on, and the rows. */
const LEAVES_OPEN = /\bSTART\s+TRANSACTION\s*$/i;

const anyLog = new LogState();

/** A statement of the source, carried out as the source did: same bytes, same settings, same default schema. */
export class DefinitionRun {
  readonly #definition: Definition;
  readonly #connection: Connection;
  readonly #memory: SessionMemory;
  readonly #flavor: Flavor;
  readonly #query: Query;

  constructor(definition: Definition, connection: Connection, memory: SessionMemory, flavor: Flavor) {
    this.#definition = definition;
    this.#connection = connection;
    this.#memory = memory;
    this.#flavor = flavor;
    const query = decodeBody(definition.event, anyLog);
    if (query.kind !== 'query') throw new FormatError('a definition is no statement');
    this.#query = query;
  }

  /** Whether it is about a schema of the target's own. */
  concerns(schema: string): boolean {
    const names = this.#names();
    return names.length > 0 && names.every((name) => name.schema === schema);
  }

  /** How the server has what the statement concerns. */
  async fingerprint(): Promise<Fingerprint> {
    return takeFingerprint(this.#connection, this.#names());
  }

  /**
   * Carries it out; with a journal only if it was not before.
   *
   * @param keepsOpen whether a transaction that goes on behind it may
   * @returns whether one does
   * @throws ServerError; UsageError it cannot be told whether it was
   */
  async run(journal: Journal | undefined, keepsOpen: boolean): Promise<boolean> {
    const { statement } = this.#definition;
    const open = statement.kind === 'createTable' ? LEAVES_OPEN.exec(this.#text) : null;
    const sql =
      open === null || keepsOpen
        ? this.#definition.sql
        : Buffer.from(this.#text.slice(0, open.index), 'latin1');
    if (journal !== undefined) {
      if (differs(journal.before, await this.fingerprint())) return false;
      if (!mayRunAgain(statement, journal.before)) {
        throw new UsageError(
          'it cannot be told whether a definition was carried out before everything stopped',
          {
            hint: `Look at the tables: ${Object.keys(journal.before ?? {}).join(', ')}. If it was, go on behind it.`,
          },
        );
      }
    }
    for (let tries = 0; ; tries += 1) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- tries one after the other
        await this.#settings();
        // oxlint-disable-next-line no-await-in-loop -- tries one after the other
        await this.#connection.queryBytes(sql);
        break;
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
        if (journal !== undefined && saysDone(error.errno, journal.before)) break;
        if (error.errno === this.#query.errorCode) break;
        if (!RETRIED.has(error.errno) || tries === RETRIES) throw error;
        // oxlint-disable-next-line no-await-in-loop -- waits for whoever holds the table
        await pause(Math.min(tries, 5) * 1000);
      }
    }
    if (statement.kind === 'dropSchema') this.#memory.forgetSchema();
    return open !== null && keepsOpen;
  }

  async #settings(): Promise<void> {
    const { event } = this.#definition;
    const change = this.#memory.change(statementSettings(this.#query, event.timestamp, this.#flavor));
    if (change !== undefined) await this.#connection.query(change);
    const use = this.#memory.use(defaultSchema(this.#query, event.flags));
    if (use !== undefined) await this.#connection.query(use);
  }

  #names(): readonly QualifiedName[] {
    return namesOf(this.#definition.statement, this.#definition.context.schema);
  }

  get #text(): string {
    return Buffer.from(this.#definition.sql).toString('latin1');
  }
}
