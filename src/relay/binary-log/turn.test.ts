import { expect, test } from 'vitest';
import { Turn } from './turn.ts';

test('one has it at a time, in the order in which they asked', async () => {
  const turn = new Turn();
  const seen: string[] = [];
  const visit = async (name: string): Promise<void> => {
    const release = await turn.take();
    seen.push(`${name} in`);
    await new Promise(setImmediate);
    seen.push(`${name} out`);
    release();
  };
  await Promise.all(['a', 'b', 'c'].map(visit));
  expect(seen).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  expect(turn.taken).toBeUndefined();
});
