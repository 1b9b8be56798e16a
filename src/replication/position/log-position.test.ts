import { expect, test } from 'vitest';
import { RawEvent } from '../../binlog/index.ts';
import { LogPosition } from './log-position.ts';

const GIB = 2 ** 30;

function eventOf(length: number, logPos: number): RawEvent {
  const event = new RawEvent();
  event.length = length;
  event.logPos = logPos % 2 ** 32;
  return event;
}

function at(position: number): LogPosition {
  const log = new LogPosition();
  log.begin('log.000001', position);
  return log;
}

test('positions stay true beyond 4 GiB, where headers wrap', () => {
  const log = at(4 * GIB - 100);
  expect(log.pass(eventOf(60, 4 * GIB - 40), true)).toBe(4 * GIB - 100);
  expect(log.pass(eventOf(40, 4 * GIB), true)).toBe(4 * GIB - 40);
  expect(log.pass(eventOf(50, 4 * GIB + 50), true)).toBe(4 * GIB);
  expect(log.position).toBe(4 * GIB + 50);
  log.heartbeat('log.000001', 50, false);
  log.heartbeat('log.000001', 4 * GIB + 50, true);
  expect(log.position).toBe(4 * GIB + 50);
});

test('an event without a position follows the one before', () => {
  const log = at(500);
  expect(log.pass(eventOf(40, 0), false)).toBe(500);
  expect(log.position).toBe(540);
});

test('by position every event follows the one before', () => {
  expect(() => at(500).pass(eventOf(40, 541), true)).toThrow('where the event at 500 was expected');
  expect(() => at(500).pass(eventOf(40, 500), true)).toThrow('where the event at 500 was expected');
  expect(() => at(500).heartbeat('log.000001', 501, false)).toThrow('heartbeat is not compatible');
  expect(() => at(500).heartbeat('log.000002', 500, false)).toThrow('heartbeat is not compatible');
});

test('MariaDB may leave events out, also inside a transaction', () => {
  const log = at(500);
  log.gaps = 'forward';
  expect(log.pass(eventOf(40, 640), false)).toBe(600);
  expect(() => log.pass(eventOf(40, 600), false)).toThrow('was expected');
});

test('by GTID whole transactions are passed over, never a part of one', () => {
  const log = at(500);
  log.gaps = 'between';
  expect(log.pass(eventOf(40, 640), true)).toBe(600);
  expect(() => log.pass(eventOf(40, 740), false)).toThrow('was expected');
  log.heartbeat('log.000001', 3 * GIB, false);
  expect(log.position).toBe(3 * GIB);
  log.moveTo(100);
  expect(log.position).toBe(4 * GIB + 100);
});

test('nothing of a log comes before its name', () => {
  expect(() => new LogPosition().pass(eventOf(40, 40), true)).toThrow('was expected');
});
