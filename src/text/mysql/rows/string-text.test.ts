import { expect, test } from 'vitest';
import { Column, ColumnCode } from '../../../binlog/index.ts';
import { Cursor } from '../../../bytes/index.ts';
import { TruncatedError } from '../../../errors/index.ts';
import { TextOutput } from '../../output/text-output.ts';
import { stringText, vectorText } from './string-text.ts';

test('a CHAR whose metadata holds no type is whole by two bytes of length, and printed by one', () => {
  const text = stringText(new Column(0, ColumnCode.STRING, 254));
  const out = new TextOutput();
  text?.write(new Cursor(Buffer.from('\x02\0bc')), out);
  expect(out.take().toString()).toBe(String.raw`'\x00b'`);
  expect(() => text?.write(new Cursor(Buffer.from('\x02ab')), out)).toThrow(TruncatedError);
});

test('a vector of which the log does not say how long it may be has length 0', () => {
  expect(vectorText(new Column(0, ColumnCode.VECTOR, 4))?.typeName).toBe('VECTOR(0)');
});
