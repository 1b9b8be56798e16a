import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recorded } from './c-format.cases.ts';
import { writeFixed, writeGeneral, writeScientific } from './c-format.ts';
import { TextOutput } from './text-output.ts';

const out = new TextOutput();

function printed(write: () => void): string {
  write();
  return out.take().toString('latin1');
}

describe('C formats of doubles', () => {
  test('print what glibc printed', () => {
    for (const line of recorded) {
      const [bits = '', ...texts] = line.split('|');
      const value = Buffer.from(bits, 'hex').readDoubleBE(0);
      const own = [
        printed(() => writeGeneral(out, value)),
        printed(() => writeGeneral(out, value, 14)),
        printed(() => writeGeneral(out, value, 6, 20)),
        printed(() => writeGeneral(out, value, 20)),
        printed(() => writeScientific(out, value, 5)),
        printed(() => writeFixed(out, value)),
      ];
      expect(own).toEqual(texts);
    }
  });

  test('17 significant digits give the same double back', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const general = Number(printed(() => writeGeneral(out, value, 17)));
        const scientific = Number(printed(() => writeScientific(out, value, 16)));
        return Object.is(general, value) && Object.is(scientific, value);
      }),
    );
  });

  test('every value of a float survives nine digits', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) =>
        Object.is(Math.fround(Number(printed(() => writeGeneral(out, value, 9)))), value),
      ),
    );
  });

  test('ties go to the even digit', () => {
    expect(printed(() => writeGeneral(out, 1234565))).toBe('1.23456e+06');
    expect(printed(() => writeGeneral(out, 1234575))).toBe('1.23458e+06');
    expect(printed(() => writeGeneral(out, 2.5, 1))).toBe('2');
    expect(printed(() => writeFixed(out, 0.5, 0))).toBe('0');
    expect(printed(() => writeFixed(out, 1.5, 0))).toBe('2');
  });

  test('what is no number has a name', () => {
    expect(printed(() => writeGeneral(out, Infinity, 6, 8))).toBe('inf     ');
    expect(printed(() => writeFixed(out, -Infinity))).toBe('-inf');
    expect(printed(() => writeScientific(out, NaN))).toBe('nan');
  });
});
