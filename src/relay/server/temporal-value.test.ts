import { expect, test } from 'vitest';
import { temporalValue } from './temporal-value.ts';

const ZERO = {
  negative: false,
  days: 0,
  year: 0,
  month: 0,
  day: 0,
  hour: 0,
  minute: 0,
  second: 0,
  microsecond: 0,
};

test.each([
  [
    '2026-01-02 03:04:05.678',
    'datetime',
    { year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5, microsecond: 678_000 },
  ],
  ['2026-01-02', 'date', { year: 2026, month: 1, day: 2 }],
  ['0000-00-00 00:00:00.000000', 'timestamp', {}],
  [
    '-838:59:58.5',
    'time',
    { negative: true, days: 34, hour: 22, minute: 59, second: 58, microsecond: 500_000 },
  ],
  ['00:00:01', 'time', { second: 1 }],
  ['no date', 'datetime', {}],
] as const)('%s, a %s', (text, kind, parts) => {
  expect(temporalValue(text, kind)).toEqual({ ...ZERO, ...parts });
});
