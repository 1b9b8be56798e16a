import { describe, expect, it } from 'vitest';
import { formatMysqlGtid, parseMysqlGtid } from './mysql-gtid.ts';
import { formatUuid, parseUuid } from './uuid.ts';

const UUID = 'aabbccdd-0011-2233-4455-66778899aaff';

describe('a MySQL GTID', () => {
  it.each([
    [`${UUID}:1`, `${UUID}:1`],
    [`  ${UUID.toUpperCase()} : Tag : 09 `, `${UUID}:tag:9`],
    [`{${UUID}}:9223372036854775806`, `${UUID}:9223372036854775806`],
  ])('reads %j', (text, canonical) => {
    expect(formatMysqlGtid(parseMysqlGtid(text))).toBe(canonical);
  });

  it.each([
    '',
    'bogus',
    UUID,
    `${UUID}:0`,
    `${UUID}:a:`,
    `${UUID}:a`,
    `${UUID}:1-2`,
    `${UUID}:1:2`,
    `${UUID}:a:b:1`,
  ])('refuses %j with the words of error 1774', (text) => {
    expect(() => parseMysqlGtid(text)).toThrow(`Malformed GTID specification '${text}'.`);
  });
});

describe('a UUID', () => {
  it('reads and prints its bytes', () => {
    expect(formatUuid(parseUuid(UUID))).toBe(UUID);
    expect(formatUuid(Buffer.concat([Buffer.from([0]), parseUuid(UUID)]), 1)).toBe(UUID);
    // Any byte may tell two servers apart.
    for (let at = 0; at < 16; at += 1) {
      const other = parseUuid(UUID);
      other[at]! ^= 1;
      expect(parseUuid(formatUuid(other))).toEqual(other);
      expect(formatUuid(parseUuid(UUID))).toBe(UUID);
    }
    expect(formatUuid(new Uint8Array(parseUuid(UUID)))).toBe(UUID);
  });

  it('refuses what follows it', () => {
    expect(() => parseUuid(`${UUID} `)).toThrow('malformed UUID');
  });
});
