import { expect, test } from 'vitest';
import { SteadyClock } from './steady-clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function clocks() {
  const at = { wall: 1_000_000 * HOUR, passed: 0 };
  const jumps: number[] = [];
  const clock = new SteadyClock({
    now: () => at.wall,
    monotonic: () => at.passed,
    jumped: (by) => void jumps.push(by),
  });
  const pass = (ms: number): void => {
    at.wall += ms;
    at.passed += ms;
  };
  return { at, jumps, clock, pass };
}

test('time that goes by is time, and so are small steps of the clock', () => {
  const { at, jumps, clock, pass } = clocks();
  for (let day = 0; day < 400; day += 1) {
    pass(DAY);
    at.wall += 60_000;
    expect(clock.now()).toBe(at.wall);
  }
  expect(jumps).toEqual([]);
});

test('a jump ahead is believed a day later, and told once', () => {
  const { at, jumps, clock, pass } = clocks();
  at.wall += 400 * DAY;
  expect(clock.now()).toBe(at.wall - 400 * DAY);
  pass(23 * HOUR);
  expect(clock.now()).toBe(at.wall - 400 * DAY);
  expect(jumps).toEqual([400 * DAY]);
  pass(HOUR);
  expect(clock.now()).toBe(at.wall);
});

test('a clock that is set right again was never believed', () => {
  const { at, jumps, clock, pass } = clocks();
  at.wall += 400 * DAY;
  clock.now();
  pass(HOUR);
  at.wall -= 400 * DAY;
  expect(clock.now()).toBe(at.wall);
  pass(DAY);
  at.wall += 400 * DAY;
  expect(clock.now()).toBe(at.wall - 400 * DAY);
  expect(jumps).toHaveLength(2);
});

test('a clock set back is what it is', () => {
  const { at, jumps, clock } = clocks();
  at.wall -= 400 * DAY;
  expect(clock.now()).toBe(at.wall);
  at.wall += 400 * DAY;
  expect(clock.now()).toBe(at.wall);
  expect(jumps).toEqual([]);
});
