import { describe, expect, it } from 'vitest';
import { FormatError, TruncatedError } from '../errors/index.ts';
import { MysqlGtidSet } from './mysql-gtid-set.ts';

const UUID = 'aabbccdd-0011-2233-4455-66778899aaff';
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const uuidHex = UUID.replaceAll('-', '');
const one = '0100000000000000';

describe('bytes of a MySQL GTID set', () => {
  it('writes the empty set as eight zero bytes', () => {
    expect(MysqlGtidSet.empty().toBytes()).toEqual(Buffer.alloc(8));
  });

  it('writes the old format while no entry has a tag', () => {
    const bytes = hex(`${one} ${uuidHex} ${one} 0300000000000000 0600000000000000`);
    expect(MysqlGtidSet.parse(`${UUID}:3-5`).toBytes()).toEqual(bytes);
    expect(MysqlGtidSet.fromBytes(bytes).format()).toBe(`${UUID}:3-5`);
  });

  it('writes the tagged format as soon as one has', () => {
    const bytes = hex(
      `01 020000000000 01
       ${uuidHex} 00 ${one} 0300000000000000 0600000000000000
       ${uuidHex} 08 626c7565 ${one} 0100000000000000 0200000000000000`,
    );
    expect(MysqlGtidSet.parse(`${UUID}:3-5:blue:1`).toBytes()).toEqual(bytes);
    expect(MysqlGtidSet.fromBytes(bytes).format()).toBe(`${UUID}:3-5:blue:1`);
  });

  it('gives back the format it came in, as servers write it for an empty set', () => {
    const bytes = hex('0100000000000001');
    expect(MysqlGtidSet.fromBytes(bytes).isEmpty).toBe(true);
    expect(MysqlGtidSet.fromBytes(bytes).toBytes()).toEqual(bytes);
    expect(MysqlGtidSet.fromBytes(bytes).union(MysqlGtidSet.empty()).toBytes()).toEqual(Buffer.alloc(8));
  });

  const malformed: [string, string][] = [
    ['an unknown format', '0100000000000002'],
    ['two formats', '0200000000000001'],
    ['an empty interval', `${one} ${uuidHex} ${one} 0300000000000000 0300000000000000`],
    ['an interval from zero', `${one} ${uuidHex} ${one} 0000000000000000 0300000000000000`],
    ['an end beyond the last number', `${one} ${uuidHex} ${one} 0100000000000000 0000000000000080`],
    ['an illegal tag', `0101000000000001 ${uuidHex} 024d ${one} 0100000000000000 0200000000000000`],
    ['too long a tag', `0101000000000001 ${uuidHex} 42 ${'61'.repeat(33)} ${one}`],
    ['bytes after the set', '000000000000000000'],
    [
      'intervals out of order',
      `${one} ${uuidHex} 0200000000000000 0300000000000000 0600000000000000 0100000000000000 0200000000000000`,
    ],
    [
      'touching intervals',
      `${one} ${uuidHex} 0200000000000000 0100000000000000 0200000000000000 0200000000000000 0300000000000000`,
    ],
  ];
  it.each(malformed)('refuses %s', (_, bytes) => {
    expect(() => MysqlGtidSet.fromBytes(hex(bytes))).toThrow(FormatError);
  });

  it('says of every shortened set that it is truncated', () => {
    const whole = MysqlGtidSet.parse(`${UUID}:3-5:8:blue:1`).toBytes();
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => MysqlGtidSet.fromBytes(whole.subarray(0, length))).toThrow(TruncatedError);
    }
  });

  it('does not believe a count it has no bytes for', () => {
    const bytes = hex(`${one} ${uuidHex} ffffffffff0f0000`);
    expect(() => MysqlGtidSet.fromBytes(bytes)).toThrow(TruncatedError);
  });
});
