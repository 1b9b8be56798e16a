import { type Codec, QUESTION_MARK, REPLACEMENT } from './codec.ts';

const utf8: Codec = {
  decode: (bytes) => bytes.toString('utf8'),
  encode: (text) => Buffer.from(text, 'utf8'),
};

/** UTF-8 without characters beyond the BMP. */
const utf8mb3: Codec = {
  decode: utf8.decode,
  encode: (text) => Buffer.from(text.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '?'), 'utf8'),
};

/** Halves of surrogate pairs are no characters, as in UTF-8. */
const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\ufffd');

const utf16le: Codec = {
  decode: (bytes) => bytes.toString('utf16le') + (bytes.length % 2 === 0 ? '' : '\ufffd'),
  encode: (text) => Buffer.from(wellFormed(text), 'utf16le'),
};

const utf16: Codec = {
  decode: (bytes) => {
    const whole = Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
    return whole.toString('utf16le') + (bytes.length % 2 === 0 ? '' : '\ufffd');
  },
  encode: (text) => utf16le.encode(text).swap16(),
};

/** UTF-16 without characters beyond the BMP. */
const ucs2: Codec = {
  decode: utf16.decode,
  encode: (text) => utf16.encode(text.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '?')),
};

const utf32: Codec = {
  decode: (bytes) => {
    let text = '';
    let at = 0;
    for (; at + 4 <= bytes.length; at += 4) {
      const codePoint = bytes.readUInt32BE(at);
      text += String.fromCodePoint(codePoint > 0x10_ffff ? REPLACEMENT : codePoint);
    }
    return at === bytes.length ? text : `${text}\ufffd`;
  },
  encode: (text) => {
    const points = Array.from(wellFormed(text), (character) => character.codePointAt(0)!);
    const bytes = Buffer.alloc(points.length * 4);
    for (const [i, point] of points.entries()) bytes.writeUInt32BE(point, i * 4);
    return bytes;
  },
};

/** Any bytes: one code unit a byte, so that nothing is lost. */
const binary: Codec = {
  decode: (bytes) => bytes.toString('latin1'),
  encode: (text) =>
    Buffer.from(text.replaceAll(/[^\0-\xff]/gu, String.fromCharCode(QUESTION_MARK)), 'latin1'),
};

export const unicodeCodecs: Readonly<Record<string, Codec>> = {
  binary,
  ucs2,
  utf16,
  utf16le,
  utf32,
  utf8mb3,
  utf8mb4: utf8,
};
