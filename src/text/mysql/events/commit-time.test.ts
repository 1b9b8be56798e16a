import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextOutput } from '../../output/text-output.ts';
import { utc } from '../../time/local-time.ts';
import { CommitTimes } from './commit-time.ts';

/** The same, each by itself. */
function momentOf(timestamp: bigint): string {
  const date = new Date(Number(timestamp / 1_000_000n) * 1000).toISOString();
  const micros = String(timestamp % 1_000_000n).padStart(6, '0');
  return `${timestamp} (${date.slice(0, 10)} ${date.slice(11, 19)}.${micros} UTC)\n`;
}

const second = 1_795_410_710_000_000n;
const timestamp = fc.oneof(
  fc.bigInt({ min: second, max: second + 2_000_000n }),
  fc.bigInt({ min: 0n, max: 3_000_000n }),
  // Up to the year 9999: beyond the numbers that are exact.
  fc.bigInt({ min: 2n ** 53n - 2n, max: 2n ** 53n + 2_000_000n }),
  fc.bigInt({ min: 0n, max: 253_402_300_799_999_999n }),
);

test('writes each moment as it is, whatever came before it', () => {
  fc.assert(
    fc.property(fc.array(timestamp, { minLength: 1, maxLength: 10 }), (timestamps) => {
      const out = new TextOutput();
      const times = new CommitTimes(utc);
      for (const each of timestamps) {
        times.writeNumber(out, each);
        out.byte(0x3d);
        times.writeMoment(out, each);
      }
      const expected = timestamps.map((each) => `${each}=${momentOf(each)}`).join('');
      expect(out.take().toString('latin1')).toBe(expected);
    }),
  );
});
