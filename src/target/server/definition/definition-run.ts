import { setTimeout as pause } from 'node:timers/promises';
import { decodeBody, type Flavor, LogState, type Query } from '../../../binlog/index.ts';
import type { Connection } from '../../../connection/index.ts';
import { FormatError, ServerError, UsageError } from '../../../errors/index.ts';
import { readingOf, type StatementReading } from '../../../replication/index.ts';
import type { QualifiedName } from '../../../sql/index.ts';
import type { Definition } from '../../target.ts';
import {
  defaultSchema,
  type SessionMemory,
  statementSettings,
  translatedSettings,
} from '../session/session-settings.ts';
import type { Journal } from '../state/state-tables.ts';
import { withoutRunning } from './event-status.ts';
import { existingTable } from './existing-table.ts';
import { type Fingerprint, namesOf, takeFingerprint } from './fingerprint.ts';
import { dropLeftoverPartition } from './leftover-partition.ts';
import { goWithoutSchema, isAbsent, refusalOf } from './missing-schema.ts';
import { droppingWhatIsThere } from './partial-drop.ts';
import { isPartitionError, leavesRows, NO_PARTITIONS, takesRows } from './partition-refusals.ts';
import { presentRenames } from './present-renames.ts';
import { mayRunAgain, saysDone, wasDone } from './rerun.ts';
import { startTransaction, withoutStart } from './start-transaction.ts';
import { renamed } from './translation/rename-qualifiers.ts';
import { asksForTable, type Circumstances, translate } from './translation/translate.ts';
import { untold } from './translation/untold.ts';

/** ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK: somebody holds the table. */
const RETRIED: ReadonlySet<number> = new Set([1205, 1213]);
const RETRIES = 10;
/** Somebody or something stood in the way, which says nothing of the definition: ER_DISK_FULL, ER_RECORD_FILE_FULL, ER_QUERY_INTERRUPTED, ER_STATEMENT_TIMEOUT, ER_QUERY_TIMEOUT. */
const IN_THE_WAY: ReadonlySet<number> = new Set([...RETRIED, 1021, 1114, 1317, 1969, 3024]);
/** ER_FK_NO_UNIQUE_INDEX_PARENT: MySQL since 8.4, unless it is told otherwise; MariaDB and older ones do not ask. */
const NO_UNIQUE_PARENT = 6125;
const anyLog = new LogState();

/** A statement of the source, carried out as the source did: same bytes, same settings, same default schema. */
export class DefinitionRun {
  readonly #definition: Definition;
  readonly #connection: Connection;
  readonly #memory: SessionMemory;
  readonly #from: Flavor;
  readonly #to: Flavor;
  readonly #query: Query;
  readonly #ruled: Readonly<Record<string, string>>;

  constructor(
    definition: Definition,
    connection: Connection,
    memory: SessionMemory,
    families: { readonly from: Flavor; readonly to: Flavor },
    /** Settings that count whatever the source had. */
    ruled: Readonly<Record<string, string>> = {},
  ) {
    this.#ruled = ruled;
    this.#definition = definition;
    this.#connection = connection;
    this.#memory = memory;
    this.#from = families.from;
    this.#to = families.to;
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
   * @param named the statement that has given it its GTID; undefined: it has none
   * @returns whether one does
   * @throws ServerError; UsageError it cannot be told whether it was
   */
  async run(journal: Journal | undefined, keepsOpen: boolean, named?: string): Promise<boolean> {
    const { statement } = this.#definition;
    const leavesOpen =
      keepsOpen &&
      statement.kind === 'createTable' &&
      startTransaction(this.#definition.sql, this.#options) !== undefined;
    const statements = leavesOpen ? [this.#renamed(this.#definition.sql)] : await this.#statements();
    if (statements.length === 0) return false;
    if (journal !== undefined) {
      const now = await this.fingerprint();
      if (statements.length === 1 && wasDone(statement, journal.before, now)) return false;
      if (!mayRunAgain(statement, journal.before)) {
        throw new UsageError(
          'it cannot be told whether a definition was carried out before everything stopped',
          {
            hint: `Look at the tables: ${Object.keys(journal.before ?? {}).join(', ')}. If it was, go on behind it.`,
          },
        );
      }
    }
    const missing = await this.#settings();
    // What fails takes the GTID along.
    if (missing !== undefined && named !== undefined) await this.#connection.query(named);
    try {
      await this.#giveAll(statements, journal, named);
    } catch (error) {
      // It has begun: the GTID is the session's still, and the COMMIT that follows keeps it.
      if (!isAbsent(error, this.#definition, this.#options, this.#from === this.#to))
        throw refusalOf(error, missing);
    }
    if (statement.kind === 'dropSchema') this.#memory.forgetSchema();
    return leavesOpen;
  }

  /**
   * Whether the target has no use for it: rows of temporary tables are not logged, and the tables may come and go inside a transaction;
   * views, routines and accounts are each family's own.
   */
  get isOfNoUse(): boolean {
    const { statement } = this.#definition;
    if ('temporary' in statement && statement.temporary) return true;
    return statement.kind === 'other' && this.#from !== this.#to;
  }

  /** What the target refuses is given once more with less in it. */
  async #giveAll(
    statements: readonly Uint8Array[],
    journal: Journal | undefined,
    named: string | undefined,
  ): Promise<void> {
    try {
      // oxlint-disable-next-line no-await-in-loop -- in order
      for (const sql of statements) await this.#give(sql, journal, named);
    } catch (error) {
      if (!(error instanceof ServerError) || this.#from === this.#to || IN_THE_WAY.has(error.errno))
        throw error;
      const { statement } = this.#definition;
      if (error.errno === NO_PARTITIONS && leavesRows(statement)) return;
      if (error.errno === NO_PARTITIONS && takesRows(statement))
        throw untold('ALTER TABLE takes partitions away: which rows were in them is not in the log');
      await this.#giveLess(statements, error, journal);
    }
  }

  /**
   * Without the defaults that are expressions, then without those of stored columns, then of virtual ones too; partitions go last, and
   * first where they are why.
   *
   * @throws the refusal, where less is refused too
   */
  async #giveLess(
    given: readonly Uint8Array[],
    refusal: ServerError,
    journal: Journal | undefined,
  ): Promise<void> {
    let last = given;
    const plain = [0, 1, 2, 3].map((refused) => ({ refused, withoutPartitions: true }));
    const attempts = isPartitionError(refusal.errno)
      ? plain
      : [1, 2, 3].map((refused) => ({ refused, withoutPartitions: false })).concat(plain);
    for (const circumstances of attempts) {
      // oxlint-disable-next-line no-await-in-loop -- what the target has by now
      const less = await this.#statements(circumstances);
      if (less.every((sql, index) => Buffer.compare(sql, last[index] ?? sql) === 0)) continue;
      last = less;
      try {
        // oxlint-disable-next-line no-await-in-loop -- in order
        for (const sql of less) await this.#give(sql, journal);
        return;
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
      }
    }
    throw refusal;
  }

  async #give(sql: Uint8Array, journal: Journal | undefined, named?: string): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        // What fails takes the GTID along.
        // oxlint-disable-next-line no-await-in-loop -- tries one after the other
        if (tries > 0 && named !== undefined) await this.#connection.query(named);
        // oxlint-disable-next-line no-await-in-loop -- tries one after the other
        await this.#connection.queryBytes(sql);
        return;
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
        if (journal !== undefined && saysDone(this.#definition.statement, error.errno, journal.before))
          return;
        if (error.errno === this.#query.errorCode) return;
        const drop = journal === undefined ? undefined : dropLeftoverPartition(error);
        if (drop !== undefined) {
          // oxlint-disable-next-line no-await-in-loop -- one partition after the other
          await this.#connection.query(drop).catch(() => Promise.reject(error));
          continue;
        }
        if (error.errno === NO_UNIQUE_PARENT && tries === 0) {
          // oxlint-disable-next-line no-await-in-loop -- then once more
          await this.#connection
            .query('SET @@session.restrict_fk_on_non_standard_key = 0')
            .catch(() => Promise.reject(error));
          continue;
        }
        if (!RETRIED.has(error.errno) || tries === RETRIES) throw error;
        // oxlint-disable-next-line no-await-in-loop -- waits for whoever holds the table
        await pause(Math.min(tries, 5) * 1000);
      }
    }
  }

  /** `refused`: what the target has refused by now. */
  async #statements(
    refused: Pick<Circumstances, 'refused' | 'withoutPartitions'> = {},
  ): Promise<readonly Uint8Array[]> {
    const { statement, nameOf, context } = this.#definition;
    const options = this.#options;
    if (this.#from !== this.#to) {
      // A sequence of MariaDB goes like a table, and MySQL has none.
      const isDrop = statement.kind === 'dropTables' && this.#from === 'mariadb';
      const sql = isDrop ? droppingWhatIsThere(this.#definition.sql, options) : this.#definition.sql;
      if (statement.kind === 'renameTables' && statement.pairs.length > 1) {
        const present = await presentRenames(this.#connection, statement, context.schema);
        if (present !== undefined) return present === '' ? [] : [Buffer.from(present)];
      }
      const [named] = asksForTable(sql, options, this.#to) ? this.#names() : [];
      const table = named && {
        existing: await existingTable(this.#connection, named.schema ?? '', named.name),
      };
      return translate(sql, options, this.#to, { nameOf, table, ...refused }).map((text) =>
        Buffer.from(text),
      );
    }
    // Views and routines keep the names they were written with, as with the servers' own rewriting.
    if (statement.kind === 'other') return [withoutRunning(this.#definition.sql, options)];
    return [this.#renamed(this.#asDone())];
  }

  /** What the source did of it. */
  #asDone(): Uint8Array {
    const { sql, statement } = this.#definition;
    if (statement.kind === 'createTable') return withoutStart(sql, this.#options);
    const isPartly = statement.kind === 'dropTables' && this.#query.errorCode !== 0;
    return isPartly ? droppingWhatIsThere(sql, this.#options) : sql;
  }

  #renamed(sql: Uint8Array): Uint8Array {
    const { nameOf } = this.#definition;
    return nameOf === undefined ? sql : renamed(sql, this.#options, nameOf);
  }

  /** How its text is read. */
  get #options(): StatementReading & { readonly charset: string } {
    return { charset: 'utf8mb4', ...readingOf(this.#query, this.#from) };
  }

  /** @returns the error of USE, where the statement goes without its default schema */
  async #settings(): Promise<ServerError | undefined> {
    const { event, statement, context } = this.#definition;
    const settingsOf = this.#from === this.#to ? statementSettings : translatedSettings;
    const isExplicit = context.explicitDefaultsForTimestamp === true;
    const settings = settingsOf(this.#query, event.timestamp, this.#from, isExplicit);
    const change = this.#memory.change({ ...settings, ...this.#ruled });
    if (change !== undefined) await this.#connection.query(change);
    const use = this.#memory.use(defaultSchema(this.#query, event.flags));
    if (use === undefined) return undefined;
    try {
      await this.#connection.query(use);
      return undefined;
    } catch (error) {
      this.#memory.forgetSchema();
      return goWithoutSchema(this.#connection, statement, error);
    }
  }

  #names(): readonly QualifiedName[] {
    return namesOf(this.#definition.statement, this.#definition.context.schema);
  }
}
