import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TextOutput } from '../output/text-output.ts';
import { writeQuoted } from './quoted.ts';

function quoted(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const out = new TextOutput();
  writeQuoted(out, bytes, start, end);
  return out.take().toString('latin1');
}

/** The same, byte by byte. */
function expected(bytes: Uint8Array): string {
  const letters: Record<number, string> = { 8: 'b', 9: 't', 10: 'n', 12: 'f', 13: 'r', 39: "'", 92: '\\' };
  const inner = Array.from(bytes, (byte) => {
    const letter = letters[byte];
    if (letter !== undefined) return `\\${letter}`;
    return byte < 0x20 ? `\\x${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte);
  });
  return `'${inner.join('')}'`;
}

describe('a quoted value', () => {
  test('escapes quotes, backslashes and control characters, and nothing else', () => {
    expect(quoted(Uint8Array.from({ length: 256 }, (_, byte) => byte))).toBe(
      expected(Uint8Array.from({ length: 256 }, (_, byte) => byte)),
    );
  });

  test('is the same wherever it lies in memory and however long it is', () => {
    const bytes = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(bytes, fc.nat(7), (value, offset) => {
        const memory = new Uint8Array(offset + value.length + 3).fill(0x27);
        memory.set(value, offset);
        return quoted(memory, offset, offset + value.length) === expected(value);
      }),
    );
    const long = Uint8Array.from({ length: 30_000 }, (_, index) => (index * 7) & 0xff);
    expect(quoted(long)).toBe(expected(long));
  });
});
