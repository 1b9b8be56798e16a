import { describe, expect, it } from 'vitest';
import { EventType, encodeEvent, LogState, MariadbGtidFlag, RawEvent } from '../binlog/index.ts';
import { LogicalClock } from './logical-clock.ts';

const state = new LogState();
const header = { timestamp: 7, serverId: 1, logPos: 0, flags: 0 };

function framed(bytes: Buffer): RawEvent {
  const event = new RawEvent();
  event.aim(bytes, 0, bytes.length, 4, false);
  return event;
}

function mysql(sequenceNumber: number, lastCommitted: number, fields: 0 | 3 = 3): RawEvent {
  const body = {
    kind: 'gtid',
    flags: 0,
    uuid: Buffer.alloc(16, 1),
    gno: BigInt(sequenceNumber),
    fields,
    lastCommitted: BigInt(lastCommitted),
    sequenceNumber: BigInt(sequenceNumber),
    immediateCommitTimestamp: 1n,
    originalCommitTimestamp: 1n,
    transactionLength: 300n,
    immediateServerVersion: 999_999,
    originalServerVersion: 999_999,
    commitGroupTicket: 0n,
    rest: Buffer.alloc(0),
  } as const;
  const type = EventType.GTID_LOG_EVENT;
  return framed(encodeEvent({ ...header, type }, body, state, { checksum: false }));
}

const { TRANSACTIONAL, ALLOW_PARALLEL, GROUP_COMMIT_ID, DDL } = MariadbGtidFlag;

function mariadb(sequence: number, commitId: number | undefined, more = 0, domainId = 0): RawEvent {
  const group = commitId === undefined ? 0 : GROUP_COMMIT_ID;
  const body = {
    kind: 'mariadbGtid',
    sequence: BigInt(sequence),
    domainId,
    flags: TRANSACTIONAL | ALLOW_PARALLEL | group | more,
    commitId: commitId === undefined ? undefined : BigInt(commitId),
    xid: undefined,
    extraFlags: undefined,
    extraEngines: undefined,
    startAlterSequence: undefined,
    threadId: undefined,
    rest: Buffer.alloc(commitId === undefined ? 6 : 0),
  } as const;
  const type = EventType.GTID_EVENT;
  return framed(encodeEvent({ ...header, type }, body, state, { checksum: false }));
}

const read = (clock: LogicalClock, events: readonly RawEvent[]) =>
  events.map((event) => {
    const time = clock.read(event);
    return time === undefined ? undefined : [time.number, time.after];
  });

describe('the logical clock of a source', () => {
  it('is last_committed and sequence_number in one log of MySQL', () => {
    const times = read(new LogicalClock(), [mysql(1, 0), mysql(2, 1), mysql(3, 1), mysql(4, 2)]);
    expect(times).toEqual([
      [1, 0],
      [2, 1],
      [3, 1],
      [4, 2],
    ]);
    expect(new LogicalClock().read(mysql(1, 0))?.length).toBe(300);
  });

  it('puts everything of a new log behind everything of the one before, also where its count goes on higher', () => {
    const clock = new LogicalClock();
    read(clock, [mysql(1, 0), mysql(2, 0)]);
    clock.begin();
    expect(read(clock, [mysql(40, 3), mysql(41, 3)])).toEqual([
      [42, 5],
      [43, 5],
    ]);
    expect(read(clock, [mysql(1, 0)])).toEqual([[44, 43]]);
  });

  it('says nothing of the logs of MySQL 5.6, and counts on', () => {
    expect(read(new LogicalClock(), [mysql(1, 0, 0), mysql(2, 0)])).toEqual([undefined, [2, 0]]);
  });

  it('lets those of one commit of MariaDB wait for the commits before, and nothing for each other', () => {
    const events = [mariadb(1, undefined), mariadb(2, 7), mariadb(3, 7), mariadb(4, 8), mariadb(5, 8)];
    expect(read(new LogicalClock(), events)).toEqual([
      [1, 0],
      [2, 1],
      [3, 1],
      [4, 3],
      [5, 3],
    ]);
  });

  it('lets definitions of MariaDB, and other domains, wait', () => {
    const events = [mariadb(1, 7), mariadb(2, 7, DDL), mariadb(3, 7), mariadb(4, 7, 0, 2)];
    expect(read(new LogicalClock(), events)).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 3],
    ]);
  });
});
