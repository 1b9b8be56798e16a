import { describe, expect, test } from 'vitest';
import { examineList } from './examine-list.ts';

const list = {
  issuer: '/CN=CA',
  thisUpdate: new Date('2026-11-01T00:00:00Z'),
  nextUpdate: new Date('2026-12-01T00:00:00Z'),
  serials: new Set<string>(),
};

describe('a revocation list for thirty days', () => {
  test.each([
    ['on its first day', '2026-11-01T00:00:00Z', []],
    ['a second before its last ten days', '2026-11-20T23:59:59Z', []],
    ['when ten days are left', '2026-11-21T00:00:00Z', [['warning', 'CRL_EXPIRES_SOON']]],
    ['when three days are left', '2026-11-28T00:00:00Z', [['critical', 'CRL_EXPIRES_SOON']]],
    ['at its end', '2026-12-01T00:00:00Z', [['critical', 'CRL_EXPIRED']]],
  ])('%s', (_name, now, expected) => {
    const found = examineList(list, { now: new Date(now), warnDays: 30, criticalDays: 7 });
    expect(found.map(({ severity, code }) => [severity, code])).toEqual(expected);
  });
});
