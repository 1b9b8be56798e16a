import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonDocument, jsonText } from '../../../binlog/index.ts';
import { FormatError } from '../../../errors/index.ts';
import { TextOutput } from '../../output/text-output.ts';
import { writeQuoted } from '../quoted.ts';
import { writeQuotedJson } from './json-binary-text.ts';

function printed(bytes: Buffer): string {
  const out = new TextOutput();
  // Not at the start of its memory, as in a row.
  const memory = Buffer.concat([Buffer.from('row'), bytes, Buffer.from('next')]);
  writeQuotedJson(out, memory, 3, 3 + bytes.length);
  return out.take().toString('utf8');
}

/** By way of the decoded document. */
function expected(bytes: Buffer): string {
  const out = new TextOutput();
  const text = Buffer.from(jsonText(bytes, { quoted: false }));
  writeQuoted(out, text, 0, text.length);
  return out.take().toString('utf8');
}

describe('binary JSON printed straight to text', () => {
  test('is the document decoded, printed and quoted', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        const { bytes } = JsonDocument.parse(text);
        return printed(bytes) === expected(bytes);
      }),
    );
  });

  test.each([
    '{"k\\\\": "\\n\\u0001", "it\'s": 1, "k\\"ey": "v", "日本": "🦆"}',
    '[1.0, -0.0, 1e15, 1e16, 0.0000001, 123456789.12345679, 18446744073709551615, -9223372036854775808]',
    '"a lone \\" string"',
    '{}',
    '[]',
    'null',
  ])('%s', (text) => {
    const { bytes } = JsonDocument.parse(text);
    expect(printed(bytes)).toBe(expected(bytes));
  });

  test('bytes that are no document are refused, never read beyond their end', () => {
    const { bytes } = JsonDocument.parse('{"a": [1, "two", 3.5], "b": {"c": null}}');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = value;
        try {
          printed(damaged);
        } catch (error) {
          return error instanceof FormatError;
        }
        return true;
      }),
    );
  });
});
