import type { SqliteValue } from '../../store/index.ts';
import type { Body } from './function-body.ts';
import { textOf } from './numbers.ts';
import { isTextual } from './sqlite-text.ts';

/** Bytes that are a text go on as one: so they compare. */
export const bytesOf = (bytes: Buffer): SqliteValue => (isTextual(bytes) ? bytes.toString() : bytes);

const isPlain = (value: SqliteValue): boolean =>
  !(value instanceof Uint8Array) || value.every((byte) => byte > 0 && byte < 0x80);

/** A function of texts, which of bytes that are none takes each for a character, as the servers do. */
export const bytewise =
  (body: Body): Body =>
  (...values) => {
    const encoding = values.every(isPlain) ? 'utf8' : 'latin1';
    const result = body(...(encoding === 'utf8' ? values : values.map(bytesAsText)));
    return typeof result === 'string' ? bytesOf(Buffer.from(result, encoding)) : result;
  };

function bytesAsText(value: SqliteValue): SqliteValue {
  if (value === null || typeof value === 'number' || typeof value === 'bigint') return value;
  return Buffer.from(value instanceof Uint8Array ? value : textOf(value)).toString('latin1');
}
