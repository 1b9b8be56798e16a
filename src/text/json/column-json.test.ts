import { expect, test } from 'vitest';
import { Column, ColumnCode } from '../../binlog/index.ts';
import { Cursor } from '../../bytes/index.ts';
import { TextOutput } from '../output/text-output.ts';
import { jsonWriterOf } from './column-json.ts';

function json(charset: string, hex: string): string {
  const out = new TextOutput(undefined, 64);
  jsonWriterOf(Object.assign(new Column(0, ColumnCode.VARCHAR, 100), { charset }))(
    new Cursor(Buffer.from(hex, 'hex')),
    out,
  );
  return out.take().toString();
}

test('bytes that are illegal in their character set are base64: ascii is no UTF-8', () => {
  expect(json('utf8mb4', '02c5bd')).toBe('"Ž"');
  expect(json('latin1', '02c5bd')).toBe('"Å½"');
  expect(json('ascii', '02c5bd')).toBe('{"base64":"xb0="}');
  expect(json('ascii', '0361225c')).toBe(String.raw`"a\"\\"`);
  expect(json('utf8mb4', '01ff')).toBe('{"base64":"/w=="}');
});
