import { expect, test } from 'vitest';
import type { TransactionPlace } from '../binlog/index.ts';
import { DumpProgress } from './dump-progress.ts';

const progress = new DumpProgress();

/** Whether these events show that the dumps go on. */
function goesOn(...places: readonly TransactionPlace[]): boolean {
  const before = progress.signs;
  for (const place of places) progress.note(place);
  return progress.signs > before;
}

test('more of a transaction than any dump before gave is progress, the same again is none', () => {
  expect(goesOn('outside')).toBe(false);
  expect(goesOn('begins', 'inside', 'inside')).toBe(true);
  expect(goesOn('begins', 'inside')).toBe(false);
  expect(goesOn('begins', 'inside', 'inside')).toBe(false);
  expect(goesOn('begins', 'inside', 'inside', 'inside')).toBe(true);
  expect(goesOn('begins', 'ends')).toBe(true);
  expect(goesOn('begins')).toBe(true);
  expect(goesOn('alone')).toBe(true);
});
