import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findRepeatedDomain,
  formatMariadbGtidList,
  parseMariadbGtid,
  parseMariadbGtidList,
} from './mariadb-gtid.ts';
import { MariadbBinlogState, MariadbReplicaState } from './mariadb-gtid-state.ts';

// Each text was given to mariadb-binlog 11.8 --start-position and to SET GLOBAL gtid_slave_pos.
const good: [string, string][] = [
  ['', ''],
  ['1-1-1', '1-1-1'],
  [' 1-1-1', '1-1-1'],
  ['0-1- 1,5-1-1, \t6-1-1', '0-1-1,5-1-1,6-1-1'],
  ['+1-1-+1', '1-1-1'],
  ['4294967295-4294967295-18446744073709551615', '4294967295-4294967295-18446744073709551615'],
];
const bad = [
  [
    'bogus',
    ' ',
    ',',
    '1-1',
    '1-1-1,',
    ',1-1-1',
    '1-1-1 ,1-2-3',
    '1-1-1 ',
    '4294967296-1-1',
    '1-4294967296-1',
  ],
  [
    '1-1-18446744073709551616',
    '-1-1-1',
    '1--1-1',
    '1-1--0',
    '1-1-1-1',
    '1 -1-1',
    '1-1-1x',
    'x1-1-1',
    '1-1-0x1',
  ],
].flat();

describe('a list of MariaDB GTIDs', () => {
  it.each(good)('reads %j', (text, canonical) => {
    expect(formatMariadbGtidList(parseMariadbGtidList(text))).toBe(canonical);
  });

  it.each(bad)('refuses %j with the words of error 1941', (text) => {
    expect(() => parseMariadbGtidList(text)).toThrow(/^Could not parse GTID list$/);
  });

  it('reads what it printed', () => {
    const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
    const gtid = fc.record({ domainId: u32, serverId: u32, seqNo: fc.bigInt(0n, (1n << 64n) - 1n) });
    fc.assert(
      fc.property(fc.array(gtid), (list) => {
        expect(parseMariadbGtidList(formatMariadbGtidList(list))).toEqual(list);
      }),
    );
  });

  it('is one GTID where one is wanted', () => {
    expect(parseMariadbGtid('0-1-2')).toEqual({ domainId: 0, serverId: 1, seqNo: 2n });
    expect(() => parseMariadbGtid('')).toThrow();
    expect(() => parseMariadbGtid('0-1-2,1-1-1')).toThrow();
  });

  it('shows which domain comes twice', () => {
    const repeated = findRepeatedDomain(parseMariadbGtidList('1-1-1,2-1-1,1-2-2'));
    expect(repeated).toEqual({ found: parseMariadbGtid('1-2-2'), previous: parseMariadbGtid('1-1-1') });
    expect(findRepeatedDomain(parseMariadbGtidList('1-1-1,2-1-1'))).toBeUndefined();
  });
});

describe('the state of a MariaDB replica', () => {
  it('holds one GTID a domain, sorted', () => {
    const state = MariadbReplicaState.parse('2-2-2,1-1-1');
    state.update(parseMariadbGtid('2-7-9'));
    expect(state.format()).toBe('1-1-1,2-7-9');
    expect([state.covers(2, 9n), state.covers(2, 10n), state.covers(3, 1n)]).toEqual([true, false, false]);
    expect(new MariadbReplicaState().isEmpty).toBe(true);
    expect(state.last(1)?.seqNo).toBe(1n);
  });

  it('refuses a domain twice with the words of error 1943', () => {
    expect(() => MariadbReplicaState.parse('1-1-1,1-1-2')).toThrow(
      'GTID 1-1-2 and 1-1-1 conflict (duplicate domain id 1)',
    );
  });
});

describe('the state of a MariaDB log', () => {
  it('holds one GTID a server and domain, the most recent of a domain last', () => {
    const state = MariadbBinlogState.parse('1-1-1,0-2-5,0-1-4');
    expect(state.format()).toBe('0-2-5,0-1-4,1-1-1');
    state.update(parseMariadbGtid('0-2-6'));
    expect(state.format()).toBe('0-1-4,0-2-6,1-1-1');
    expect(formatMariadbGtidList(state.positions())).toBe('0-2-6,1-1-1');
    expect(state.last(0, 1)?.seqNo).toBe(4n);
    expect(state.mostRecent(7)).toBeUndefined();
  });
});
