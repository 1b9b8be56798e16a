import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonDocument } from '../../binlog/index.ts';
import { FormatError } from '../../errors/index.ts';
import { documentText } from './document-text.ts';

describe('the text of a document', () => {
  test('is what the document decoded prints', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4, stringUnit: 'binary' }), (text) => {
        const document = JsonDocument.parse(text);
        expect(documentText(document.bytes)).toBe(document.text);
      }),
    );
  });

  test('is whole where it is long, and so is the next', () => {
    const long = JsonDocument.parse(JSON.stringify({ long: 'ä"'.repeat(200_000) }));
    const short = JsonDocument.parse('[1.50, "é"]');
    for (const document of [short, long, short]) expect(documentText(document.bytes)).toBe(document.text);
  });

  test('follows one that was none', () => {
    expect(() => documentText(Buffer.of(0, 1, 0, 255, 255))).toThrow(FormatError);
    expect(documentText(JsonDocument.parse('{"a": null}').bytes)).toBe('{"a": null}');
    expect(documentText(Buffer.alloc(0))).toBe('null');
  });
});
