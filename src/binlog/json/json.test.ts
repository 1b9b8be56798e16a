import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormatError, RowlockError, UsageError } from '../../errors/index.ts';
import { JsonDocument, JsonInteger, JsonObject, JsonOpaque, jsonText } from './index.ts';
import { printDouble } from './print.ts';

// The doubles and line breaks here are as mysqlbinlog 9.7.4 -v prints them.

describe('doubles look as MySQL prints them', () => {
  test.each([
    [1e-15, '0.000000000000001'],
    [1e-16, '1e-16'],
    [1.5e-14, '0.000000000000015'],
    [123456789012345.6, '123456789012345.6'],
    [1e15, '1e15'],
    [999999999999999, '999999999999999.0'],
    [1234567890123456.5, '1234567890123456.5'],
    [1234567890123456, '1.234567890123456e15'],
    [-2.5e-20, '-2.5e-20'],
    [0.1, '0.1'],
    [0, '0.0'],
    [-0, '-0.0'],
    [100000, '100000.0'],
    [1.7976931348623157e308, '1.7976931348623157e308'],
    [5e-324, '5e-324'],
  ])('%d', (value, text) => {
    expect(printDouble(value)).toBe(text);
  });
});

test('bytes inside a document break into lines of 76 characters', () => {
  const document = JsonDocument.of(
    new JsonObject([['b', new JsonOpaque(15, Buffer.from('ABC'.repeat(20)))]]),
  );
  expect(document.text).toBe(`{"b": "base64:type15:${'QUJD'.repeat(19)}\\nQUJD"}`);
});

test('console.log shows a document as its value, and one that is none as its bytes', () => {
  expect(inspect({ j: JsonDocument.parse('{"a": [1, null]}') })).toBe('{ j: { a: [ 1, null ] } }');
  expect(inspect(new JsonDocument(Buffer.from([0])))).toBe('<Buffer 00>');
});

test('a lone string or date can come without quotes', () => {
  const { bytes } = JsonDocument.parse('"a \\"b\\" \\n"');
  expect(jsonText(bytes, { quoted: false })).toBe('a "b" \n');
  expect(jsonText(bytes)).toBe('"a \\"b\\" \\n"');
});

test('whole numbers keep every digit and their sign, others are doubles', () => {
  const text =
    '[2147483648, -2147483649, 4294967296, 9223372036854775807, -9223372036854775808, 18446744073709551615, 1.0]';
  expect(JsonDocument.parse(text).text).toBe(text);
  expect(JsonDocument.parse('4294967295').node).toEqual(new JsonInteger(4294967295n, false));
  expect(JsonDocument.parse('4294967296').node).toEqual(new JsonInteger(4294967296n, true));
});

test('keys are sorted by length, then bytes, and the last of equal ones wins', () => {
  expect(JsonDocument.parse('{"b": 1, "aa": 2, "a": 3, "b": 4, "": 5}').text).toBe(
    '{"": 5, "a": 3, "b": 4, "aa": 2}',
  );
});

test('any JSON value survives the way to bytes and back', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const document = JsonDocument.parse(JSON.stringify(value));
      expect(document.value).toEqual(JSON.parse(JSON.stringify(value)));
      expect(JsonDocument.of(document.node).bytes.equals(document.bytes)).toBe(true);
      expect(JsonDocument.parse(document.text).bytes.equals(document.bytes)).toBe(true);
    }),
  );
});

test.each([
  ['{"k": "U"}', 65_000],
  ['["U"]', 65_600],
  ['[["U"], 1, 70000]', 70_000],
])('%s with %i letters takes the small or large form as needed', (text, size) => {
  const document = JsonDocument.parse(text.replace('U', 'u'.repeat(size)));
  expect(document.text).toBe(text.replace('U', 'u'.repeat(size)));
  expect(document.bytes[0]! & 1).toBe(size > 65_535 ? 1 : 0);
});

test.each([
  '',
  '{',
  '[1,]',
  '{"a" 1}',
  '01',
  '1.',
  '"\u0001"',
  '"\\x"',
  '[1] 2',
  'nul',
  '{1: 2}',
  '"abc',
  '-',
])('%j is not JSON', (text) => {
  expect(() => JsonDocument.parse(text)).toThrow(UsageError);
});

test('documents deeper than the server allows are refused in both directions', () => {
  expect(JsonDocument.parse(`${'['.repeat(100)}${']'.repeat(100)}`).text).toHaveLength(200);
  expect(() => JsonDocument.parse(`${'['.repeat(101)}${']'.repeat(101)}`)).toThrow('deeper than 100');
});

test('members that share their bytes cannot multiply them', () => {
  // An array whose two members are both the array itself.
  const bomb = Buffer.from('02020010000204000204000000000000', 'hex');
  expect(() => jsonText(bomb)).toThrow(FormatError);
  // A string of 900 bytes that a hundred members point at.
  const shared = Buffer.alloc(1 + 4 + 300 + 2 + 900, 0x61);
  shared[0] = 2;
  shared.writeUInt16LE(100, 1);
  shared.writeUInt16LE(shared.length - 1, 3);
  for (let member = 0; member < 100; member += 1) {
    shared[5 + member * 3] = 12;
    shared.writeUInt16LE(304, 6 + member * 3);
  }
  shared.writeUInt16LE(0x0784, 305);
  expect(() => jsonText(shared)).toThrow('overlap');
});

test('any bytes decode or are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (bytes) => {
      try {
        jsonText(Buffer.from(bytes));
      } catch (error) {
        if (!(error instanceof RowlockError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
