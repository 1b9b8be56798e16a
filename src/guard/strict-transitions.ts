import type { QueryInput } from './strict-query.ts';
import type { Violation } from './verdict.ts';

/** Where a stream stands. */
export type State =
  /** Between transactions. */
  | 'none'
  /** A GTID was seen: a transaction or a definition follows. */
  | 'gtid'
  /** MariaDB: one event follows, and no COMMIT. */
  | 'standalone'
  /** User variables were seen: a definition that uses them follows. */
  | 'userVariable'
  | 'transaction'
  /** XA END was seen: XA PREPARE or the end follows. */
  | 'xaEnded'
  /** A payload was seen: its events follow. */
  | 'payload'
  /** The payload's transaction has ended. */
  | 'payloadEnded';

/** What an event is to the rule. */
export type Input =
  | QueryInput
  | 'gtid'
  | 'mariadbGtid'
  | 'mariadbStandalone'
  | 'rows'
  | 'userVariable'
  | 'payload'
  | 'incident'
  | 'control';

/** The next state, or why the event may not stand here. */
export type Step = State | Violation;

const between: Readonly<Record<Input, Step>> = {
  gtid: 'gtid',
  mariadbGtid: 'transaction',
  mariadbStandalone: 'standalone',
  begin: 'transaction',
  end: 'outsideTransaction',
  savepoint: 'outsideTransaction',
  xaEnd: 'outsideTransaction',
  xaFinish: 'none',
  rows: 'outsideTransaction',
  table: 'none',
  tableOfRows: 'outsideTransaction',
  definition: 'none',
  note: 'none',
  userVariable: 'userVariable',
  payload: 'payload',
  incident: 'none',
  control: 'none',
};

/** What an event does to the state it comes in. */
export const transitions: Readonly<Record<State, Readonly<Record<Input, Step>>>> = {
  none: between,
  gtid: { ...between, note: 'gtid', control: 'gtid' },
  standalone: {
    ...between,
    gtid: 'insideTransaction',
    mariadbGtid: 'insideTransaction',
    mariadbStandalone: 'insideTransaction',
    begin: 'insideTransaction',
    payload: 'insideTransaction',
    note: 'standalone',
    control: 'standalone',
  },
  userVariable: {
    gtid: 'sessionValue',
    mariadbGtid: 'sessionValue',
    mariadbStandalone: 'sessionValue',
    begin: 'sessionValue',
    end: 'sessionValue',
    savepoint: 'sessionValue',
    xaEnd: 'sessionValue',
    xaFinish: 'sessionValue',
    rows: 'sessionValue',
    table: 'none',
    tableOfRows: 'sessionValue',
    definition: 'none',
    note: 'userVariable',
    userVariable: 'userVariable',
    payload: 'sessionValue',
    incident: 'none',
    control: 'userVariable',
  },
  transaction: {
    gtid: 'insideTransaction',
    mariadbGtid: 'insideTransaction',
    mariadbStandalone: 'insideTransaction',
    begin: 'insideTransaction',
    end: 'none',
    savepoint: 'transaction',
    xaEnd: 'xaEnded',
    xaFinish: 'insideTransaction',
    rows: 'transaction',
    table: 'transaction',
    tableOfRows: 'transaction',
    definition: 'definitionInTransaction',
    note: 'transaction',
    userVariable: 'sessionValue',
    payload: 'insideTransaction',
    incident: 'none',
    control: 'transaction',
  },
  xaEnded: {
    gtid: 'insideTransaction',
    mariadbGtid: 'insideTransaction',
    mariadbStandalone: 'insideTransaction',
    begin: 'insideTransaction',
    end: 'none',
    savepoint: 'outsideTransaction',
    xaEnd: 'outsideTransaction',
    xaFinish: 'none',
    rows: 'outsideTransaction',
    table: 'definitionInTransaction',
    tableOfRows: 'outsideTransaction',
    definition: 'definitionInTransaction',
    note: 'xaEnded',
    userVariable: 'sessionValue',
    payload: 'insideTransaction',
    incident: 'none',
    control: 'xaEnded',
  },
  payload: {
    gtid: 'unfinishedPayload',
    mariadbGtid: 'unfinishedPayload',
    mariadbStandalone: 'unfinishedPayload',
    begin: 'transaction',
    end: 'outsideTransaction',
    savepoint: 'outsideTransaction',
    xaEnd: 'outsideTransaction',
    xaFinish: 'outsideTransaction',
    rows: 'outsideTransaction',
    table: 'definitionInTransaction',
    tableOfRows: 'outsideTransaction',
    definition: 'definitionInTransaction',
    note: 'payload',
    userVariable: 'sessionValue',
    payload: 'unfinishedPayload',
    incident: 'foreignInPayload',
    control: 'unfinishedPayload',
  },
  payloadEnded: {
    gtid: 'foreignInPayload',
    mariadbGtid: 'foreignInPayload',
    mariadbStandalone: 'foreignInPayload',
    begin: 'foreignInPayload',
    end: 'foreignInPayload',
    savepoint: 'foreignInPayload',
    xaEnd: 'foreignInPayload',
    xaFinish: 'foreignInPayload',
    rows: 'foreignInPayload',
    table: 'foreignInPayload',
    tableOfRows: 'foreignInPayload',
    definition: 'foreignInPayload',
    note: 'payloadEnded',
    userVariable: 'foreignInPayload',
    payload: 'foreignInPayload',
    incident: 'foreignInPayload',
    control: 'unfinishedPayload',
  },
};
