import { type EventBody, type Query, type RawEvent, type Rows, RowsFlag } from '../../../binlog/index.ts';
import { RowlockError } from '../../../errors/index.ts';
import { formatUuid } from '../../../gtid/index.ts';
import type { PrintVerdict } from '../../log-printer.ts';
import type { SpillFile } from '../../spill-file.ts';
import type { BodyOfKind } from '../events/definition.ts';
import { printFormatDescription } from '../events/format-description.ts';
import { PayloadEvents } from '../payload-events.ts';
import type { PrintState } from '../print-state.ts';
import { NotUndoable } from './not-undoable.ts';
import { type Consequence, meaningOf } from './statements.ts';
import { KnownTables } from './tables.ts';
import { Transactions } from './transactions.ts';
import { undoRows } from './undo-rows.ts';
import { UndoStack } from './undo-stack.ts';
import { type Format, writeUndone } from './write-undone.ts';

type Kind = EventBody['kind'];
type Takers = { readonly [K in Kind]?: (event: RawEvent, body: BodyOfKind<K>) => PrintVerdict | void };
type Controls = Readonly<Record<Consequence, (event: RawEvent, body: Query) => void>>;

/**
 * `--flashback`: collects what undoes the rows of the range and prints it at the end, from the last transaction to the first. All
 * of the range can be undone, or nothing is printed: half of the way back is nowhere.
 *
 * What it prints are new transactions. The GTIDs of those that they undo stand in comments.
 */
export class Flashback {
  readonly #state: PrintState;
  readonly #stack: UndoStack;
  readonly #transactions: Transactions;
  readonly #tables: KnownTables;
  readonly #formats: Format[] = [];

  constructor(state: PrintState, spill: SpillFile | undefined) {
    this.#state = state;
    this.#stack = new UndoStack(spill);
    this.#transactions = new Transactions(state, this.#stack);
    this.#tables = new KnownTables(state);
  }

  /** Takes an event of the range. */
  add(event: RawEvent, body: EventBody): PrintVerdict {
    const take = this.#takers[body.kind] as
      | ((event: RawEvent, body: EventBody) => PrintVerdict | void)
      | undefined;
    try {
      return take?.(event, body) ?? 'continue';
    } catch (error) {
      if (!(error instanceof RowlockError)) throw error;
      this.#explain(event, error);
      return 'fail';
    } finally {
      this.#state.places.length = 0;
    }
  }

  /** Prints what undoes all that was added. Not to be called after a failure. */
  writeTo(): void {
    this.#transactions.end();
    writeUndone(this.#state, this.#stack, this.#formats, (xa) => this.#transactions.isCommitted(xa));
  }

  /** Kinds that are not here say nothing of rows. */
  readonly #takers: Takers = {
    formatDescription: (event, body) => {
      this.#transactions.leave();
      this.#tables.clear();
      this.#formats.push({ event: event.keep(), body });
      this.#transactions.format += 1;
      return printFormatDescription(this.#state, event, body);
    },
    gtid: (_event, { uuid, gno }) => this.#nextGtid(gno === 0n ? '' : `${formatUuid(uuid)}:${gno}`),
    gtidTagged: (_event, { uuid, tag, gno }) => this.#nextGtid(`${formatUuid(uuid)}:${tag}:${gno}`),
    query: (event, body) => {
      const { consequence, opensTransaction } = meaningOf(body, this.#state.options);
      this.#controls[consequence](event, body);
      if (opensTransaction) this.#transactions.begin(event);
    },
    xid: () => this.#transactions.commit(),
    xaPrepare: (event, { onePhase }) => {
      if (onePhase) this.#transactions.commit();
      else this.#transactions.prepareXa(event);
    },
    tableMap: (event, body) => this.#tables.add(event, body),
    rows: (event, body) => {
      if (!this.#tables.ignores(body.tableId)) this.#addRows(event, body);
      if ((body.flags & RowsFlag.STMT_END) !== 0) this.#tables.endStatement();
    },
    transactionPayload: (event, body) => this.#addPayload(event, body),
    incident: (event) =>
      this.#transactions.warn(this.#transactions.place(event), 'the server lost events here'),
    executeLoadQuery: (event, body) => {
      if (!this.#state.skipsDatabase(body.schema)) throw refusal(event, body.statement);
    },
  };

  readonly #controls: Controls = {
    begin: () => undefined,
    commit: () => this.#transactions.commit(),
    rollback: () => {
      this.#transactions.rollBack();
      this.#transactions.leave();
    },
    rollbackTo: () => this.#transactions.rollBack(),
    xaStart: (event, { statement }) => this.#transactions.begin(event, xidOf(statement)),
    xaCommit: (_event, { statement }) => this.#transactions.commitXa(xidOf(statement)),
    xaRollback: (_event, { statement }) => this.#transactions.rollBackXa(xidOf(statement)),
    pass: () => undefined,
    stays: (event, { statement }) =>
      this.#transactions.warn(this.#transactions.place(event), `not undone: ${inOneLine(statement)}`),
    refuse: (event, { statement }) => {
      throw refusal(event, statement);
    },
  };

  #nextGtid(gtid: string): void {
    this.#transactions.leave();
    this.#transactions.gtid = gtid;
  }

  #addRows(event: RawEvent, rows: Rows): void {
    if (!this.#transactions.takesRows(event)) return;
    const table = this.#tables.get(rows.tableId);
    if (table === undefined) {
      throw new NotUndoable('its table map is not in the range of events', 'start before its transaction');
    }
    let undone: RawEvent;
    try {
      undone = undoRows(event, rows, table.map);
    } catch (error) {
      if (!(error instanceof RowlockError)) throw error;
      throw error.at({ table: `${table.map.schema.toString()}.${table.map.table.toString()}` });
    }
    this.#stack.pushRows(undone, table.event, this.#transactions.format);
  }

  #addPayload(event: RawEvent, body: BodyOfKind<'transactionPayload'>): PrintVerdict {
    const state = this.#state;
    const events = new PayloadEvents(body, event, state.payloadMemory);
    const { position } = event;
    state.payloadPosition = position;
    try {
      for (let inner = events.next(); inner !== undefined; inner = events.next()) {
        const verdict = state.printEvent(inner);
        if (verdict !== 'continue') {
          events.leave();
          return verdict;
        }
      }
    } finally {
      state.payloadPosition = undefined;
    }
    return 'continue';
  }

  /** Says why an event cannot be undone, and where. */
  #explain(event: RawEvent, error: RowlockError): void {
    const { table } = error.context;
    const { diagnose } = this.#state.io;
    const what = table === undefined ? event.name : `${event.name} of ${table}`;
    diagnose(`ERROR: ${this.#transactions.place(event)} ${what}: ${error.message}`);
    if (error.hint !== undefined) diagnose(`hint: ${error.hint}`);
  }
}

/** How the servers write the identifier in all statements about one XA transaction. */
function xidOf(statement: Buffer): string {
  return statement
    .toString('latin1')
    .replace(/^XA\s+\w+\s+/i, '')
    .replace(/(?<!\s)\s+ONE\s+PHASE\s*$/i, '');
}

/** A statement for a message. */
function inOneLine(statement: Buffer): string {
  const text = statement.toString('utf8', 0, 400).replace(/\s+/g, ' ').trim();
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}

function refusal(event: RawEvent, statement: Buffer): NotUndoable {
  return new NotUndoable(
    `cannot be undone: ${inOneLine(statement)}`,
    `undo only what comes after it (--start-position=${event.logPos}) or only other tables (--database, --table)`,
  );
}
