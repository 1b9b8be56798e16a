import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freeSlabs, giveSlab, takeSlab } from './send-slabs.ts';

const MANY = 40;
const takeMany = (): Buffer[] => Array.from({ length: MANY }, takeSlab);

beforeAll(() => void vi.useFakeTimers());
afterAll(() => void vi.useRealTimers());

test('as many slabs as are needed at once take turns', () => {
  const first = takeMany();
  for (const slab of first) giveSlab(slab);
  const again = takeMany();
  expect(new Set(again)).toEqual(new Set(first));
  for (const slab of again) giveSlab(slab);
});

test('what nobody takes for a while is let go, what is taken stays', () => {
  for (const slab of takeMany()) giveSlab(slab);
  const use = (count: number): void => {
    for (const slab of Array.from({ length: count }, takeSlab)) giveSlab(slab);
  };
  // The first look says only from when on it counts.
  vi.advanceTimersByTime(1000);
  use(20);
  vi.advanceTimersByTime(1000);
  expect(freeSlabs()).toBe(20);
  vi.advanceTimersByTime(10_000);
  expect(freeSlabs()).toBe(8);
});
