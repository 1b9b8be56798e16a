import { expect, test } from 'vitest';
import { bufferView, viewOf } from './buffer-view.ts';

test.each([
  ['of the class behind Buffers', bufferView],
  ['of Buffer where the class is unknown', viewOf(undefined)],
  ['of Buffer where the class makes something else', viewOf(Uint8Array as never)],
])('views are Buffers of the same memory: %s', (_, view) => {
  const memory = Buffer.from('some bytes of memory').buffer.slice(0);
  const whole = Buffer.from(memory);
  const cut = view(memory, 5, 5);
  expect(Buffer.isBuffer(cut)).toBe(true);
  expect(Object.getPrototypeOf(cut)).toBe(Buffer.prototype);
  expect(cut).toStrictEqual(Buffer.from(whole.subarray(5, 10)));
  whole[5] = 0x21;
  expect(cut[0]).toBe(0x21);
  expect(() => view(memory, 0, memory.byteLength + 1)).toThrow(RangeError);
});
