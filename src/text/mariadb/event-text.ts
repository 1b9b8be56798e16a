import type { EventBody, RawEvent } from '../../binlog/index.ts';
import { writeGtid, writeGtidList, writeXaPrepare } from './gtids/gtid-text.ts';
import { LoadText } from './load-text.ts';
import {
  writeCheckpoint,
  writeFormatDescription,
  writeIncident,
  writeRotate,
  writeStartEncryption,
  writeStop,
  writeUnknown,
  writeXidEvent,
} from './note-text.ts';
import type { PrintState } from './print-state.ts';
import { writeQuery } from './query-text.ts';
import { RowEvents } from './rows/row-events.ts';
import { writeSkipReplication } from './session-settings.ts';
import { writeIntvar, writeRand, writeUserVar } from './value-text.ts';

type Kind = EventBody['kind'];
type BodyOf<K extends Kind> = Extract<EventBody, { readonly kind: K }>;
type Writers = { readonly [K in Kind]: (event: RawEvent, body: BodyOf<K>) => void };

/** Kinds whose text `--flashback` prints at the end, in reverse; those of the others come at once. */
export const undoneKinds: ReadonlySet<Kind> = new Set<Kind>([
  'mariadbGtid',
  'query',
  'rows',
  'stop',
  'xaPrepare',
  'xid',
]);

/** Kinds before which `skip_replication` is not set anew; those with a database look at that first. */
const unskippedKinds: ReadonlySet<Kind> = new Set<Kind>([
  'annotateRows',
  'appendBlock',
  'beginLoadQuery',
  'executeLoadQuery',
  'formatDescription',
  'query',
  'rows',
  'tableMap',
]);

/** Kinds that print something even with `--short-form`; queries look at their database first. */
const shortKinds: ReadonlySet<Kind> = new Set<Kind>([
  'formatDescription',
  'intvar',
  'mariadbGtid',
  'rand',
  'startEncryption',
  'userVar',
  'xaPrepare',
  'xid',
]);
/** Kinds whose text does not come out at once, or takes care itself of what waits. */
const slowKinds: ReadonlySet<Kind> = new Set<Kind>([
  'annotateRows',
  'executeLoadQuery',
  'query',
  'rows',
  'tableMap',
]);

/** The text of every kind of event. One per run. */
export class EventText {
  readonly rows: RowEvents;
  readonly #state: PrintState;
  readonly #writers: Writers;

  constructor(state: PrintState) {
    this.#state = state;
    const rows = new RowEvents(state);
    this.rows = rows;
    const loads = new LoadText(state);
    const unknown = (event: RawEvent, body: EventBody): void => writeUnknown(state, event, body);
    this.#writers = {
      annotateRows: (event) => rows.annotate(event),
      appendBlock: (event, body) => loads.append(event, body),
      beginLoadQuery: (event, body) => loads.begin(event, body),
      binlogCheckpoint: (event, body) => writeCheckpoint(state, event, body),
      deleteFile: (event, body) => loads.remove(event, body),
      executeLoadQuery: (event, body) => loads.execute(event, body),
      formatDescription: (event, body) => writeFormatDescription(state, event, body),
      gtidList: (event, body) => writeGtidList(state, event, body),
      incident: (event, body) => writeIncident(state, event, body),
      intvar: (event, body) => writeIntvar(state, event, body),
      mariadbGtid: (event, body) => writeGtid(state, event, body),
      query: (event, body) => writeQuery(state, event, body),
      rand: (event, body) => writeRand(state, event, body),
      rotate: (event, body) => writeRotate(state, event, body),
      rows: (event, body) => rows.addRows(event, body),
      startEncryption: (_event, body) => writeStartEncryption(state, body),
      stop: (event) => writeStop(state, event),
      tableMap: (event, body) => rows.addTable(event, body),
      userVar: (event, body) => writeUserVar(state, event, body),
      xaPrepare: (event, body) => writeXaPrepare(state, event, body),
      xid: (event, body) => writeXidEvent(state, event, body),
      // What follows MariaDB does not write, or only newer servers do.
      gtid: unknown,
      gtidTagged: unknown,
      heartbeat: unknown,
      heartbeatV2: unknown,
      ignorable: unknown,
      partialRowData: unknown,
      previousGtids: unknown,
      rowsQuery: unknown,
      transactionContext: unknown,
      transactionPayload: unknown,
      unknown,
      viewChange: unknown,
    };
  }

  /** @throws RowlockError when rows do not fit their table, or a file of LOAD DATA cannot be made */
  write(event: RawEvent, body: EventBody): void {
    if (!unskippedKinds.has(body.kind)) writeSkipReplication(this.#state, event);
    const { shortForm } = this.#state.options;
    if (shortForm ? shortKinds.has(body.kind) : !slowKinds.has(body.kind)) this.#state.dropHead();
    (this.#writers[body.kind] as (event: RawEvent, body: EventBody) => void)(event, body);
  }
}
