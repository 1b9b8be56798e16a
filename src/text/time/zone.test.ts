import { describe, expect, test } from 'vitest';
import { FormatError } from '../../errors/index.ts';
import type { LocalMoment, LocalTime } from './local-time.ts';
import { fileZones, textZones } from './zone.cases.ts';
import { secondsOfLocal, zoneFromFile, zoneFromRuntime, zoneFromText } from './zone.ts';

function shown({ year, month, day, hour, minute, second, zone }: LocalMoment): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)} ${zone}`;
}

function expectMoments(zone: LocalTime, moments: readonly string[]): void {
  for (const line of moments) {
    const [seconds, text = ''] = line.split('|');
    expect(shown(zone.at(Number(seconds)))).toBe(text);
  }
}

const berlin = zoneFromFile(Buffer.from(fileZones['Europe/Berlin']!.file, 'base64'));

describe('local time', () => {
  test.each(Object.keys(fileZones))('zone file %s shows what date shows', (name) => {
    const { file, moments } = fileZones[name]!;
    const zone = zoneFromFile(Buffer.from(file, 'base64'));
    expectMoments(zone, moments);
    expectMoments(zone, [...moments].reverse());
  });

  test.each(Object.keys(textZones))('TZ=%s shows what date shows', (name) => {
    expectMoments(zoneFromText(name), textZones[name]!);
  });

  test('damaged zone files are refused, wherever they end', () => {
    const whole = Buffer.from(fileZones['Europe/Berlin']!.file, 'base64');
    for (let size = 0; size < whole.length - 40; size += 7) {
      expect(() => zoneFromFile(whole.subarray(0, size))).toThrow(FormatError);
    }
  });

  test('a local time goes back to its seconds', () => {
    for (const seconds of [0, 1_700_000_000, 1_720_000_000, 1_743_296_399, 1_743_296_400, 4_000_000_000]) {
      expect(secondsOfLocal(berlin, { ...berlin.at(seconds) })).toBe(seconds);
    }
  });

  test('of two moments with one local time the earlier is meant', () => {
    const twice = { ...berlin.at(1_761_440_400) };
    expect(twice.hour).toBe(2);
    expect(secondsOfLocal(berlin, twice)).toBe(1_761_436_800);
  });

  test('the runtime agrees on the date', () => {
    const date = new Date(1_700_000_000_000);
    const moment = zoneFromRuntime().at(1_700_000_000);
    expect([moment.year, moment.month, moment.day, moment.hour]).toEqual([
      date.getFullYear(),
      date.getMonth() + 1,
      date.getDate(),
      date.getHours(),
    ]);
  });
});
