import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors/index.ts';
import { findCharset } from './charsets.ts';
import { decodeLegalText, decodeText, encodeText } from './text.ts';

/**
 * SHA-256 (first 16 digits) of what MySQL 9.7 answers, and MariaDB 11.8 too: of every code that is one character,
 * `CONVERT(CONVERT(code USING charset) USING utf8mb4)`; and of every character of the BMP that has a code,
 * `CONVERT(character USING charset)`. Left out: codes for U+FFFD, and U+6661 in cp932, which the servers write with
 * the code of U+6659.
 */
const serverTables: Record<string, [decoded: string, encoded: string]> = {
  armscii8: ['4e6c22b14ec8ab91', 'ef9e06eb71fa1b84'],
  ascii: ['6ba9ab5b812a5a39', 'dbccdfe565b5a758'],
  big5: ['88603cff35a3eaf8', 'e1d6643635d1c2aa'],
  cp1250: ['1b65217adcbcfc24', '9b10d0a60da6d8ca'],
  cp1251: ['9faf14652a84a0db', '8ea61d880234144d'],
  cp1256: ['1abc959c93a8010a', 'f5e4921a10d9a973'],
  cp1257: ['738a90d31b515863', 'a2141438f765043d'],
  cp850: ['e8ddf7fc58f302a4', '61e42bdc74f1b884'],
  cp852: ['e8eba523a9ee371c', 'ec9ee16fe56e6c3c'],
  cp866: ['e950ce1d5433af83', '0fb7eada5db5876d'],
  cp932: ['9cd1d907dee3fd91', '08b2e15027942b14'],
  dec8: ['8656e47f284377d7', '67c8b3288816f791'],
  eucjpms: ['e7ec3b4187f58c44', 'f0856f54c015d3b4'],
  euckr: ['7c463a257fc8d41a', 'b8647297315d9841'],
  gb18030: ['14ad8b92992b3275', '30264eb78ad10b11'],
  gb2312: ['82b0133035d6e3bf', 'a0f56a56e401df26'],
  gbk: ['a9e7110b4df2a34a', '57625f362045c38c'],
  geostd8: ['e34d4ea7a44ca446', '9e25dc114dc37df1'],
  greek: ['7f2d47aeeb516e18', 'e4e0d9be2a783c18'],
  hebrew: ['b7d84e467584fb40', 'd1e9f44da32f7e22'],
  hp8: ['d2330cbe43876b35', '288fb20fd8358969'],
  keybcs2: ['f869e6d154865c46', '4a2ba8749af21c95'],
  koi8r: ['d4a7fbba5c688652', 'db608ef2a1e8617f'],
  koi8u: ['c52c9c4553e5e695', 'fdb6f67bd0970b6a'],
  latin1: ['36abf04cd7e9fa49', 'ff3dc02c43b39bee'],
  latin2: ['3b3d6a5db6b24ba6', '7923777ad584f6f7'],
  latin5: ['ad96eff9c8181703', 'fd42c6c0bdb66fd5'],
  latin7: ['4bb952a4d1b0ecdb', '48af33ece4b77b71'],
  macce: ['2c7ad282ab94f3f3', '28640c24b258255d'],
  macroman: ['16bfba1084e21832', '9bcce79e7307cb79'],
  sjis: ['89fae128ca818ad9', '938688d796971c97'],
  swe7: ['2dcefd4b8f7a76fc', 'bd58a902464179ee'],
  tis620: ['6f2bec36627437f8', '1597d6bfdf3df55c'],
  ujis: ['c1fa20e130a31abe', '6609e11be0480957'],
};

const sha = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
const hex = (value: number): string => value.toString(16).padStart(4, '0');
const isKatakana = (charset: string, lead: number): boolean =>
  (charset === 'sjis' || charset === 'cp932') && lead >= 0xa1 && lead <= 0xdf;

function decodedTable(charset: string): string {
  let table = '';
  const maxBytes = findCharset(charset)!.maxBytes;
  const note = (...code: number[]): void => {
    const text = decodeText(Uint8Array.from(code), charset);
    if (text.length === 1 && text !== '\ufffd')
      table += Buffer.from(code).toString('hex') + hex(text.charCodeAt(0));
  };
  if (maxBytes === 1) {
    const all = decodeText(
      Uint8Array.from({ length: 256 }, (_, byte) => byte),
      charset,
    );
    for (let byte = 0; byte < 256; byte += 1) {
      table += byte.toString(16).padStart(2, '0') + hex(all.charCodeAt(byte));
    }
    return table;
  }
  for (let lead = 0x80; lead < 0x100; lead += 1) {
    if (isKatakana(charset, lead)) continue;
    for (let trail = 0; trail < 0x100; trail += 1) note(lead, trail);
  }
  if (maxBytes === 3) {
    for (let lead = 0xa0; lead < 0x100; lead += 1) {
      for (let trail = 0xa0; trail < 0x100; trail += 1) note(0x8f, lead, trail);
    }
  }
  return table;
}

function encodedTable(charset: string): string {
  let table = '';
  for (let point = 0; point < 0x1_0000; point += 1) {
    if (point >= 0xd800 && point < 0xe000) continue;
    const bytes = encodeText(String.fromCharCode(point), charset).toString('hex');
    if (bytes !== '3f') table += hex(point) + bytes;
  }
  return table;
}

describe('text in the character sets of the servers', () => {
  it.each(Object.entries(serverTables))('%s decodes and encodes as the servers do', (charset, expected) => {
    expect([sha(decodedTable(charset)), sha(encodedTable(charset))]).toEqual(expected);
  });

  it.each([
    ['latin1', '8081e4', '€\u0081ä'],
    ['LATIN1', 'e4', 'ä'],
    ['utf8', 'c3a4', 'ä'],
    ['utf8mb4', 'f09f9880', '😀'],
    ['utf16', 'd83dde00', '😀'],
    ['utf16le', '3dd800de', '😀'],
    ['utf32', '0001f60000000041', '😀A'],
    ['ucs2', '00e42013', 'ä–'],
    ['swe7', '5b', 'Ä'],
    ['sjis', 'b183408abf', 'ｱァ漢'],
    ['ujis', '8eb1b4c18fb0a1', 'ｱ漢丂'],
    ['gbk', '6162d6d0', 'ab中'],
    ['gb18030', '8135f437d6d08136813081308130', '\ue7c7中\u1ea6\u0080'],
    ['gb18030', '9535fe39e3329a35', '\u{2139f}\u{10ffff}'],
    ['euckr', '8141b0a1', '갂가'],
    ['binary', '00ff41', '\0\xffA'],
  ])('%s reads and writes %s', (charset, bytes, text) => {
    expect(decodeText(Buffer.from(bytes, 'hex'), charset)).toBe(text);
    expect(encodeText(text, charset).toString('hex')).toBe(bytes);
  });

  it.each([
    ['ascii', 'ff41', '\ufffdA'],
    ['sjis', '8341fc', 'ア\ufffd'],
    ['gbk', '8120ff', '\ufffd \ufffd'],
    ['ujis', '8fa1', '\ufffd\ufffd'],
    ['gb18030', '813081', '\ufffd0\ufffd'],
    ['utf16', '004100', 'A\ufffd'],
    ['utf32', '0011000000', '\ufffd\ufffd'],
    ['utf8mb4', '41ff', 'A\ufffd'],
  ])('%s shows what is not text in %s', (charset, bytes, text) => {
    expect(decodeText(Buffer.from(bytes, 'hex'), charset)).toBe(text);
  });

  it.each(['latin1', 'utf8mb3', 'ucs2', 'gbk', 'binary'])('%s writes ? for what it lacks', (charset) => {
    expect(decodeText(encodeText('a😀b', charset), charset)).toBe('a?b');
  });

  it('gives back any text in the character sets that hold all of Unicode', () => {
    const full = fc.constantFrom('utf8mb4', 'utf16', 'utf16le', 'utf32', 'gb18030');
    const text = fc.string({ unit: 'binary' }).map((each) => each.replaceAll(/\p{Surrogate}|\ufffd/gu, ''));
    fc.assert(
      fc.property(full, text, (charset, each) => {
        expect(decodeText(encodeText(each, charset), charset)).toBe(each);
      }),
    );
  });

  it.each(['utf8mb4', 'ucs2', 'utf16', 'utf16le', 'utf32'])(
    '%s has no halves of surrogate pairs',
    (charset) => {
      expect(decodeText(encodeText('a\udd21b', charset), charset)).toBe('a\ufffdb');
    },
  );

  it('never fails on bytes', () => {
    const names = [...Object.keys(serverTables), 'utf8mb3', 'utf16', 'utf16le', 'utf32', 'ucs2', 'binary'];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.uint8Array(), (charset, bytes) => {
        expect(typeof decodeText(bytes, charset)).toBe('string');
      }),
    );
  });

  it('takes for legal what is written with the same bytes again', () => {
    const names = [...Object.keys(serverTables), 'utf8mb3', 'utf16', 'utf16le', 'utf32', 'ucs2', 'binary'];
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 5 }), fc.uint8Array({ max: 0x7f, maxLength: 80 }));
    fc.assert(
      fc.property(fc.constantFrom(...names), bytes, (charset, each) => {
        const text = decodeText(each, charset);
        const isLegal = encodeText(text, charset).equals(each);
        expect(decodeLegalText(each, charset)).toBe(isLegal ? text : undefined);
      }),
      { numRuns: 2000 },
    );
    // Each byte that is a character by itself: some are never written.
    for (const charset of names) {
      for (let byte = 0; byte < 256; byte += 1) {
        const text = decodeText(Uint8Array.of(byte), charset);
        const isLegal = encodeText(text, charset).equals(Uint8Array.of(byte));
        expect(decodeLegalText(Uint8Array.of(byte), charset)).toBe(isLegal ? text : undefined);
      }
    }
  });

  it('refuses a character set it does not know', () => {
    expect(() => decodeText(Buffer.from([0x80]), 'klingon')).toThrow(UsageError);
  });
});
