/**
 * The four-byte codes of gb18030: `81–FE 30–39 81–FE 30–39`, counted as one number. The characters of the BMP that have
 * no two-byte code come first, in the order of Unicode; from 90 30 81 30 on the planes above follow.
 */

/** The number of 90 30 81 30. */
const SUPPLEMENTARY_FIRST = 189_000;
/** U+E7C7 stands out of order, where U+1E3F would, which moved to a two-byte code. */
const MOVED = 0xe7c7;
const MOVED_NUMBER = 7457;

export interface FourByteCodes {
  /** The code point of the four bytes at `at`, or undefined if they are none. */
  decode(bytes: Uint8Array, at: number): number | undefined;
  encode(codePoint: number): [number, number, number, number] | undefined;
}

/** `units`: what the two-byte codes stand for. */
export function gb18030FourByte(units: Uint16Array): FourByteCodes {
  const twoByte = new Set(units);
  const points: number[] = [];
  for (let point = 0x80; point < 0x1_0000; point += 1) {
    if (points.length === MOVED_NUMBER) points.push(MOVED);
    const surrogate = point >= 0xd800 && point < 0xe000;
    if (!surrogate && point !== MOVED && !twoByte.has(point)) points.push(point);
  }
  const numbers = new Map(points.map((point, number) => [point, number]));
  return {
    decode(bytes, at) {
      if (at + 4 > bytes.length) return undefined;
      const a = bytes[at]! - 0x81;
      const b = bytes[at + 1]! - 0x30;
      const c = bytes[at + 2]! - 0x81;
      const d = bytes[at + 3]! - 0x30;
      if (a < 0 || a > 125 || b < 0 || b > 9 || c < 0 || c > 125 || d < 0 || d > 9) return undefined;
      const number = ((a * 10 + b) * 126 + c) * 10 + d;
      if (number < SUPPLEMENTARY_FIRST) return points[number];
      const point = number - SUPPLEMENTARY_FIRST + 0x1_0000;
      return point > 0x10_ffff ? undefined : point;
    },
    encode(point) {
      const number = point > 0xffff ? point - 0x1_0000 + SUPPLEMENTARY_FIRST : numbers.get(point);
      if (number === undefined) return undefined;
      const c = Math.floor(number / 10);
      const b = Math.floor(c / 126);
      return [0x81 + Math.floor(b / 10), 0x30 + (b % 10), 0x81 + (c % 126), 0x30 + (number % 10)];
    },
  };
}
