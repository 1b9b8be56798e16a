import { setTimeout as pause } from 'node:timers/promises';

/** Asks until the answer is there; throws what `or` says, where it never comes. `limitMs`: in milliseconds. */
export async function untilTrue(
  answer: () => Promise<boolean> | boolean,
  or: () => unknown = () => 'in time',
  limitMs = 60_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await answer())) {
    if (Date.now() > end) throw new Error(`it never came: ${JSON.stringify(await or(), undefined, 1)}`);
    await pause(20);
  }
}
