import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Cursor } from '../bytes/index.ts';
import { RowlockError } from '../errors/index.ts';
import { StatusMemory } from './status-memory.ts';
import { readStatusVariables } from './status-variables.ts';

const number = (bytes: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(2), { minLength: bytes, maxLength: bytes });
const of = (code: number, ...values: fc.Arbitrary<number[]>[]): fc.Arbitrary<number[]> =>
  fc.tuple(...values).map((parts) => [code, ...parts.flat()]);

/** Blocks of few sessions, some of them with a time, some damaged. */
const block = fc
  .tuple(
    of(0, number(4)),
    of(1, number(8)),
    fc.option(of(3, number(4))),
    fc.option(fc.constant([5, 3, 85, 84, 67])),
    fc.option(of(13, fc.array(fc.nat(255), { minLength: 3, maxLength: 3 }))),
    fc.option(of(128, fc.array(fc.nat(255), { minLength: 3, maxLength: 3 }))),
    fc.option(of(18, number(2))),
    fc.option(fc.constantFrom([13, 7], [99, 13, 1, 2, 3])),
  )
  .map((parts) => Buffer.from(parts.flatMap((part) => part ?? [])));

function attempt(read: (cursor: Cursor) => unknown, bytes: Buffer): unknown {
  try {
    return read(new Cursor(Buffer.concat([bytes, Buffer.from('behind')])));
  } catch (error) {
    if (!(error instanceof RowlockError)) throw error;
    return error.message;
  }
}

test('says of each block what it says by itself, whatever came before it', () => {
  fc.assert(
    fc.property(fc.array(block, { minLength: 2, maxLength: 20 }), (blocks) => {
      const memory = new StatusMemory();
      for (const bytes of [...blocks, ...blocks]) {
        expect(attempt((cursor) => memory.read(cursor, bytes.length), bytes)).toEqual(
          attempt((cursor) => readStatusVariables(cursor, bytes.length), bytes),
        );
      }
    }),
  );
});

test('stops where the block ends', () => {
  const memory = new StatusMemory();
  const bytes = Buffer.from([0, 1, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 13, 1, 2, 3, 7, 7]);
  for (const time of [1, 2]) {
    bytes[15] = time;
    const cursor = new Cursor(bytes);
    expect(memory.read(cursor, 18).microseconds).toBe(time + 0x03_0200);
    expect(cursor.remaining).toBe(2);
  }
});
