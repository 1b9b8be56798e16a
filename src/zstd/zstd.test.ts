import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { FormatError, LimitError } from '../errors/index.ts';
import { inflateZstd, loadZstd, storeZstd, streamZstd } from './index.ts';

beforeAll(loadZstd);

const inflate = (bytes: Buffer): Buffer => inflateZstd(bytes, 1 << 30);

test('stored frames inflate to what was stored, also beyond one block', () => {
  fc.assert(
    fc.property(fc.constantFrom(0, 1, 1000, 131_071, 131_072, 131_073, 300_000), (size) => {
      const bytes = Buffer.alloc(size, 'stored');
      expect(inflate(storeZstd(bytes)).equals(bytes)).toBe(true);
    }),
  );
});

test('frames follow each other, skippable ones say nothing', () => {
  const skippable = Buffer.from('512a4d180200000061620000', 'hex').subarray(0, 10);
  const stream = Buffer.concat([storeZstd(Buffer.from('one ')), skippable, storeZstd(Buffer.from('two'))]);
  expect(inflate(stream).toString()).toBe('one two');
});

test('a damaged frame is a format error, never an empty payload', () => {
  const whole = storeZstd(Buffer.from('x'.repeat(50)));
  for (let length = 1; length < whole.length; length += 1) {
    expect(() => inflate(whole.subarray(0, length))).toThrow(FormatError);
  }
  // A compressed block of noise.
  const noise = Buffer.from('28b52ffd0058450000ffffffffffffffff', 'hex');
  expect(() => inflate(noise)).toThrow(FormatError);
});

test('a frame cannot claim more than its blocks can hold', () => {
  const frame = storeZstd(Buffer.from('small'));
  frame.writeUInt32LE(0x3000_0000, 5);
  expect(() => inflate(frame)).toThrow('its blocks hold at most 5');
});

test('no more is inflated than the caller allows', () => {
  expect(() => inflateZstd(storeZstd(Buffer.alloc(300_000)), 1000)).toThrow(LimitError);
});

/** What `zstd -3 --no-check` 1.5 made of it, read from a pipe: a frame of several blocks that does not say its size. */
const text = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * index) % 509).join(' '));
const compressed = Buffer.from(
  'KLUv/QBYtBkASk+UCAuwtQ3ErJcWwoxZBIIAgQCBANIegVdd0rllOouL7KEeIoewAQckl/DWAXpNDtrSw3qJy+xyEH3EaXaQA3tMntqkg/qCXMBrNpgL+gCZAJewg6bqFZ2Ug/DOlrDEDNg3MgUegpPshcGcvpIp8gQe5AFssB3AwUt97RF9QC7lIg6GDzmoXWC3e9wRe3TB1YE8HOy67wiH6ASTHOYil+gRpnJiX+whvtBjdlQWHsZlnbEZcmOu2hO9sTs57AkP7WA2CHLRMjlkGk7UNz7tDDvW1y0k03aBLDKoY+RQz8ggNgFZuItk6qb10Z7pJI+YF3g7UZ7YUnLDBqBvOMlA5MBd7CUfL8ohm+2hvDODLLQn5tgDOiBesQPbQs+sDlskuSQTyS2Z0bledpLe6exz8ZmFlu3prrBnXIZL8RG5gjzsEno3AAc3CLvCWxyMHOyA+vTZDrQHeBB51qc6gTmbhAPKYJ1ilrpoB+KB5KJeOmpTcYq+Pdwrr5ErdNZgnJUj9NVCHkaW6uQm4I1e8tAWkYU64A7iQPrQUwbvXoPJ1QseHdEOS4kIHsAmcCXghRDcyICVcFnRoCVsgIC5ZgtCigUZlSitSesSwEPYbMrAqiOwYgMaFKF1DmXIxksGjgSASrUvkBwVEZiQoMW2kGUgSGgbVWOIrIzZEImNUIMSgkN0aCDlREpulFwYWbFSV+jKUbF0UQNRCqwkBE81iNBmpMJgt4RWEKkKEn2ogRyRHDJJUT0yHRASASEEKekBEmic3f///997+IX33baO9jfHy+BjXRwHm3uFd3Pb1mXdru2qmKl2olGc6IUy5RpSLXod/oG6z9J7ssNylrsVW5PO7LHkL4S0zFTbiHunrYQ2uoK8HpVz1VjF+JXHJ0xEeYw1vIVf4hjCtmAd3Aa8ALE+rXx06w25C27F1qFVZpvYBbZxjbSSqhV1qOmf9C/qg3LPwTlns2Q2l6WSbJIcsfpYzmhRVBB5DNngF7h9sB2RbnCM9hal4jPRIJ4Dy0AVHIrAC+wD8YAEoM/LNJ8VKLmaXmKpiAZ30ZcWS3rK4jt57uO47t7V4ZcYXmWwkNrgqaqPqRbbVFUBTAAACCABAPz/ORACTQAACCABAP7CORAC',
  'base64',
);

function streamed(bytes: Buffer): Buffer {
  const stream = streamZstd(bytes);
  const pieces: Uint8Array[] = [];
  for (let piece = stream.next(); piece !== undefined; piece = stream.next()) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('a stream', () => {
  test('inflates to the same as at once', () => {
    for (const size of [0, 1, 131_072, 131_073, 1_000_000]) {
      const stored = storeZstd(Buffer.alloc(size, 'abcdefg'));
      expect(streamed(stored).equals(inflate(stored))).toBe(true);
    }
    expect(streamed(compressed).equals(text)).toBe(true);
    expect(inflate(compressed).equals(text)).toBe(true);
  });

  test('of any cut length is an error', () => {
    for (let length = 1; length < compressed.length; length += 17) {
      expect(() => streamed(compressed.subarray(0, length))).toThrow(FormatError);
    }
  });

  test('with a wrong byte ends: with an error, or with other bytes', () => {
    const damaged = Buffer.from(compressed);
    let errors = 0;
    for (let at = 0; at < compressed.length; at += 3) {
      damaged[at]! ^= 0x55;
      try {
        streamed(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        errors += 1;
      }
      damaged[at]! ^= 0x55;
    }
    expect(errors).toBeGreaterThan(10);
  });

  test('that does not inflate gives its memory back: there is none left for another otherwise', () => {
    const whole = streamed(compressed);
    // A window of 128 MiB, and a compressed block of noise behind one byte that is stored.
    const broken = Buffer.from('28b52ffd0088080000aa450000ffffffffffffffff', 'hex');
    for (let count = 0; count < 40; count += 1) {
      const stream = streamZstd(broken);
      expect(() => stream.next()).toThrow(new FormatError('zstd does not inflate'));
      expect(stream.next()).toBeUndefined();
      const cut = streamZstd(broken.subarray(0, 12));
      expect(cut.next()).toEqual(new Uint8Array([0xaa]));
      expect(() => cut.next()).toThrow(new FormatError('zstd ends early'));
    }
    expect(streamed(compressed).equals(whole)).toBe(true);
  });

  test('that is left early gives nothing more', () => {
    const stream = streamZstd(compressed);
    expect(stream.next()!.length).toBeGreaterThan(0);
    stream.leave();
    expect(stream.next()).toBeUndefined();
  });
});
