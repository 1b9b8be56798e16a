import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ReplicationError } from '../replication-error.ts';
import { SilenceWatch } from './silence-watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A watch of a second, and a wait that fails when it is given up. */
function watched(): { watch: SilenceWatch; wait: () => { promise: Promise<string>; end: () => void } } {
  let fail: (error: Error) => void = () => expect.unreachable();
  const watch = new SilenceWatch(1000, (error: ReplicationError) =>
    fail(new Error('link cut', { cause: error })),
  );
  const wait = (): { promise: Promise<string>; end: () => void } => {
    let end = (): void => undefined;
    const promise = new Promise<string>((resolve, reject) => {
      end = () => resolve('events');
      fail = reject;
    });
    return { promise: watch.over(promise), end };
  };
  return { watch, wait };
}

test('a wait that lasts too long fails with the silence, not with how the link was cut', async () => {
  const { wait } = watched();
  const { promise } = wait();
  const failed = expect(promise).rejects.toMatchObject({ code: 'REPLICATION_SILENCE' });
  await vi.advanceTimersByTimeAsync(1000);
  await failed;
});

test('every wait has the whole time, and what lies between waits is no silence', async () => {
  const { watch, wait } = watched();
  for (const rest of [0, 900, 5000]) {
    const { promise, end } = wait();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await vi.advanceTimersByTimeAsync(999);
    end();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await promise).toBe('events');
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await vi.advanceTimersByTimeAsync(rest);
  }
  const { promise } = wait();
  const failed = expect(promise).rejects.toMatchObject({ code: 'REPLICATION_SILENCE' });
  await vi.advanceTimersByTimeAsync(1000);
  await failed;
  watch.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('a link that breaks after a silence is told as it broke', async () => {
  const { watch, wait } = watched();
  const { promise } = wait();
  const failed = expect(promise).rejects.toMatchObject({ code: 'REPLICATION_SILENCE' });
  await vi.advanceTimersByTimeAsync(1000);
  await failed;
  await expect(watch.over(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  watch.stop();
});

test('without a limit nothing is measured', async () => {
  const watch = new SilenceWatch(0, () => expect.unreachable());
  expect(await watch.over(Promise.resolve('events'))).toBe('events');
  expect(vi.getTimerCount()).toBe(0);
});
