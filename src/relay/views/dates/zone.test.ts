import { describe, expect, test } from 'vitest';
import { zoneName, zoneOf } from './zone.ts';
import { zoneFunctions } from './zone-functions.ts';

const shown = (text: string, zone: string): unknown => zoneFunctions['mysql_zoned']!('mysql', text, zone);
const moment = (text: string, zone: string): unknown =>
  zoneFunctions['mysql_moment_in_zone']!('mysql', text, zone);
const converted = (text: string, from: string, to: string, flavor = 'mysql'): unknown =>
  zoneFunctions['mysql_convert_tz']!(flavor, text, from, to);

// Of MySQL 9.7.4 and MariaDB 11.8, with the tables of mysql_tzinfo_to_sql.
describe('named zones', () => {
  test.each([
    ['2025-01-15 12:00:00.123', 'Europe/Berlin', '2025-01-15 13:00:00.123'],
    ['2025-03-30 00:59:59', 'europe/berlin', '2025-03-30 01:59:59'],
    ['2025-03-30 01:00:00', 'Europe/Berlin', '2025-03-30 03:00:00'],
    ['2025-10-26 00:59:59', 'Europe/Berlin', '2025-10-26 02:59:59'],
    ['2025-10-26 01:00:00', 'Europe/Berlin', '2025-10-26 02:00:00'],
    ['1972-01-07 00:44:29', 'Africa/Monrovia', '1972-01-06 23:59:59'],
    ['1972-01-07 00:44:30', 'Africa/Monrovia', '1972-01-07 00:44:30'],
    ['0000-00-00 00:00:00', 'Europe/Berlin', '0000-00-00 00:00:00'],
  ])('show %s as that of %s', (utc, zone, local) => {
    expect(shown(utc, zone)).toBe(local);
  });

  test.each([
    ['2025-07-15 12:00:00', 'Europe/Berlin', '2025-07-15 10:00:00'],
    ['2025-10-26 02:30:00', 'Europe/Berlin', '2025-10-26 00:30:00'],
    ['2025-03-30 02:30:15.5', 'Europe/Berlin', '2025-03-30 01:00:00.500000'],
    ['2025-04-06 01:45:00', 'Australia/Lord_Howe', '2025-04-05 14:45:00'],
    ['2025-10-05 02:15:00', 'Australia/Lord_Howe', '2025-10-04 15:30:00'],
    ['1972-01-07 00:30:00', 'Africa/Monrovia', '1972-01-07 00:44:30'],
  ])('take %s, shown twice or never in %s, for the first or the change', (local, zone, utc) => {
    expect(moment(local, zone)).toBe(utc);
  });

  test('are converted into one another, unless no TIMESTAMP holds the moment', () => {
    expect(converted('2025-01-15 12:00:00', 'Europe/Berlin', 'America/New_York')).toBe('2025-01-15 06:00:00');
    expect(converted('1960-01-15 12:00:00', 'Europe/Berlin', 'America/New_York')).toBe('1960-01-15 12:00:00');
    expect(converted('2025-01-15 12:00:00', 'Mars/Phobos', 'UTC')).toBeNull();
  });

  test('beyond those that are remembered are found all the same', () => {
    const names = Intl.supportedValuesOf('timeZone').slice(0, 30);
    expect(names.filter((name) => zoneOf(name, 'mysql') === undefined)).toEqual([]);
    expect(shown('2025-01-15 12:00:00', 'Europe/Berlin')).toBe('2025-01-15 13:00:00');
  });
});

test('offsets are those of the family, and are shown with four digits', () => {
  const known = (text: string): string =>
    [zoneOf(text, 'mysql') && 'mysql', zoneOf(text, 'mariadb') && 'mariadb'].filter(Boolean).join(' ');
  expect(
    ['+14:00', '+13:00', '-13:59', '-12:59', '+001:0', '+14:01', '+1', '1:00', '+01:60', ''].map(known),
  ).toEqual(['mysql', 'mysql mariadb', 'mysql', 'mysql mariadb', 'mysql mariadb', '', '', '', '', '']);
  expect(['+1:0', '-0:00', 'system', 'Europe/Berlin'].map((text) => zoneName(text, 'mysql'))).toEqual([
    '+01:00',
    '+00:00',
    'SYSTEM',
    'Europe/Berlin',
  ]);
  expect(converted('2025-01-15 12:00:00', '+14:00', 'UTC', 'mariadb')).toBeNull();
});
