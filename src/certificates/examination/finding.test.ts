import { describe, expect, test } from 'vitest';
import { daysUntil, expiry, worst } from './finding.ts';

const now = new Date('2026-11-21T12:00:00Z');
const thresholds = { warnDays: 30, criticalDays: 7 };
const after = (days: number, seconds: number): Date =>
  new Date(now.getTime() + days * 86_400_000 + seconds * 1000);

describe('time left', () => {
  test.each([
    ['a second after the warning line', after(30, 1), 'ok', 30],
    ['the warning line', after(30, 0), 'warning', 30],
    ['a second after the critical line', after(7, 1), 'warning', 7],
    ['the critical line', after(7, 0), 'critical', 7],
    ['the last second', after(0, 1), 'critical', 0],
    ['the end', after(0, 0), 'critical', 0],
    ['a second after the end', after(0, -1), 'critical', -1],
  ])('%s', (_name, end, severity, days) => {
    expect(expiry(end, now, thresholds)).toBe(severity);
    expect(daysUntil(end, now)).toBe(days);
  });

  test('the worst of several findings counts', () => {
    expect(worst([])).toBe('ok');
    expect(worst([{ severity: 'warning' }, { severity: 'ok' }])).toBe('warning');
    expect(worst([{ severity: 'critical' }, { severity: 'warning' }])).toBe('critical');
  });
});
