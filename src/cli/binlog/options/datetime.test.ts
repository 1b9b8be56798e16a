import { describe, expect, test } from 'vitest';
import { localTime } from '../time-zone.ts';
import { readDatetime } from './datetime.ts';

const zone = (name: string) => localTime({ TZ: name });

/** [zone, text, seconds] as mysqlbinlog 9.7.4 and mariadb-binlog 11.8.6 both take them, found by searching. */
const both: readonly (readonly [string, string, number])[] = [
  ['UTC', '2020-01-01 00:00:10', 1577836810],
  ['UTC', '20200101T000010', 1577836810],
  ['UTC', '20200101000010.999999', 1577836810],
  ['UTC', '200101000010', 1577836810],
  ['UTC', '70-1-1 0:0:10', 10],
  ['UTC', '69-1-1 0:0:10', 3124224010],
  ['UTC', '00-01-01 00:00:00', 946684800],
  ['UTC', '2020-01-01 00', 1577836800],
  ['UTC', '2020-01-01 000010', 1577872800],
  ['UTC', '2020-1-1T1:2', 1577840520],
  ['UTC', '2020.5.6 7.8', 1588748880],
  ['UTC', '2020-01-01 00:00:10. ', 1577836810],
  ['UTC', '2020-00-01 00:00:00', 1575158400],
  ['UTC', '2020-05-00 00:00:00', 1588204800],
  ['UTC', '0000-00-00 00:00:00', 0],
  ['UTC', '1969-12-31 23:59:59', 0],
  ['UTC', '2106-01-01 00:00:00', 4291747200],
  ['UTC', '3002-01-01 00:00:00', 0],
  ['Asia/Kolkata', '2020-01-01 00:00:10', 1577817010],
  ['Asia/Kolkata', '1970-01-01 05:00:00', 0],
  ['America/New_York', '2024-03-10 01:59:59', 1710053999],
  ['America/New_York', '2024-03-10 02:30:15', 1710054000],
  ['America/New_York', '2024-11-03 00:30:00', 1730608200],
  ['America/New_York', '2024-11-03 01:30:00', 1730615400],
  ['America/New_York', '2024-11-03 02:00:00', 1730617200],
  ['Europe/Berlin', '2024-10-27 02:30:00', 1729992600],
  ['Australia/Lord_Howe', '2024-10-06 02:15:00', 1728143100],
  ['Australia/Lord_Howe', '2024-04-07 01:45:00', 1712416500],
  ['Antarctica/Troll', '2026-03-29 02:30:00', 1774751400],
  ['Pacific/Apia', '2011-12-30 12:00:00', 1325282400],
  ['EST5EDT,M3.2.0,M11.1.0', '2026-11-23 08:00:00', 1795438800],
  ['EST5EDT,M3.2.0,M11.1.0', '2026-07-23 08:00:00', 1784808000],
  ['EST5EDT,M3.2.0,M11.1.0', '2026-03-08 02:30:10', 1772953200],
  ['EST5EDT,M3.2.0,M11.1.0', '2026-11-01 01:30:10', 1793514610],
  ['<+0330>-3:30', '2026-11-23 08:00:00', 1795408200],
  ['CET-1CEST,M3.5.0,M10.5.0/3', '2026-10-25 02:30:00', 1792891800],
  ['/etc/passwd', '2020-01-01 00:00:10', 1577836810],
];

describe('--start-datetime and --stop-datetime', () => {
  test.each(both)('%s %s', (tz, text, seconds) => {
    expect(readDatetime(text, 'mysql', zone(tz))).toBe(seconds);
    expect(readDatetime(text, 'mariadb', zone(tz))).toBe(seconds);
  });

  test('what no TIMESTAMP holds is 0', () => {
    const newYork = zone('America/New_York');
    expect(readDatetime('2106-02-07 01:28:15', 'mariadb', newYork)).toBe(4294967295);
    expect(readDatetime('2106-02-07 01:28:16', 'mariadb', newYork)).toBe(0);
    expect(readDatetime('2106-02-07 01:28:16', 'mysql', newYork)).toBe(4294967296);
    expect(readDatetime('3001-01-18 18:59:59', 'mysql', newYork)).toBe(32536771199);
    expect(readDatetime('3001-01-18 19:00:00', 'mysql', newYork)).toBe(0);
  });

  test('a day that the month does not have counts on in MySQL and is refused in MariaDB', () => {
    const utc = zone('UTC');
    expect(readDatetime('2020-02-30 00:00:00', 'mysql', utc)).toBe(1583020800);
    expect(readDatetime('2021-02-29 01:00:00', 'mysql', utc)).toBe(1614560400);
    expect(readDatetime('2020-02-30 00:00:00', 'mariadb', utc)).toBeUndefined();
  });
});
