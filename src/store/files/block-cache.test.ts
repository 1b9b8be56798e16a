import { afterEach, expect, test, vi } from 'vitest';
import { BLOCK_BYTES, BlockCache, type CachedFile } from './block-cache.ts';
import { NO_HANDLE } from './log-file.ts';

const CAPACITY = 4;

/** A file whose blocks are filled with their numbers. */
const file: CachedFile = {
  handle: {
    ...NO_HANDLE,
    read: async (into, position) => {
      into.fill(position / BLOCK_BYTES);
      return into.length;
    },
  },
};

afterEach(() => void vi.restoreAllMocks());

async function read(cache: BlockCache, index: number) {
  await cache.load(file, index, BLOCK_BYTES, BLOCK_BYTES);
  return cache.look(file, index, BLOCK_BYTES)!;
}

test('readers that go on together through a log use the same memory again and again', async () => {
  const made = vi.spyOn(Buffer, 'allocUnsafeSlow');
  const cache = new BlockCache(CAPACITY * BLOCK_BYTES);
  let last: Awaited<ReturnType<typeof read>> | undefined;
  for (let index = 0; index < 50; index += 1) {
    const block = await read(cache, index);
    if (last !== undefined) cache.leave(last);
    last = block;
  }
  expect(made.mock.calls.length).toBeLessThanOrEqual(CAPACITY + 1);
});

test('what somebody looks at stays as it is, and is here for others', async () => {
  const cache = new BlockCache(CAPACITY * BLOCK_BYTES);
  const kept = await read(cache, 1);
  for (let index = 2; index < 20; index += 1) cache.leave(await read(cache, index));
  expect(kept.bytes.every((byte) => byte === 1)).toBe(true);
  expect(cache.look(file, 1, BLOCK_BYTES)).toBe(kept);
});

test('the memory of a block that went while it was looked at is used again when the last one leaves', async () => {
  const cache = new BlockCache(CAPACITY * BLOCK_BYTES);
  const block = await read(cache, 1);
  cache.look(file, 1, BLOCK_BYTES);
  cache.forget(file);
  cache.leave(block);
  expect((await read(cache, 2)).bytes).not.toBe(block.bytes);
  cache.leave(block);
  expect((await read(cache, 3)).bytes).toBe(block.bytes);
});
