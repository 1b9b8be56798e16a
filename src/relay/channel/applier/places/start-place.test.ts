import { expect, test } from 'vitest';
import { AppliedPlace } from './applied-place.ts';
import { startPlace } from './start-place.ts';

const log = {
  files: [{ number: 3 }, { number: 4 }],
  nameOf: (number: number): string => `relay-bin.00000${number}`,
};

function applied(number: number, position: number): AppliedPlace {
  const place = new AppliedPlace();
  place.reach(number, position, 'binlog.000001', 100);
  return place;
}

test('an applier begins behind what both the binary log and the target have', () => {
  const here = { number: 3, position: 500 };
  expect(startPlace(log, applied(3, 500), undefined)).toEqual(here);
  expect(startPlace(log, applied(4, 200), here)).toEqual(here);
  expect(startPlace(log, applied(3, 500), { number: 4, position: 200 })).toEqual(here);
});

test('a relay log that was made anew has no place to begin', () => {
  expect(startPlace(log, applied(7, 500), undefined)).toBeUndefined();
  expect(startPlace(log, applied(7, 500), { number: 7, position: 500 })).toBeUndefined();
});

test('what a target lacks and the relay log has not is refused', () => {
  expect(() => startPlace(log, applied(4, 200), { number: 2, position: 9 })).toThrow(
    /^The target stands at relay-bin\.000002, position 9, and the relay log has been applied and purged beyond/,
  );
  const lost = applied(4, 200);
  lost.gap = { number: 3, position: 600 };
  expect(() => startPlace(log, lost, { number: 3, position: 500 })).toThrow(
    /the relay log lost what came before relay-bin\.000003, position 600/,
  );
  expect(startPlace(log, lost, { number: 3, position: 600 })).toEqual({ number: 3, position: 600 });
});
