import { expect, test } from 'vitest';
import { Column, ColumnCode } from '../../../binlog/index.ts';
import { Cursor } from '../../../bytes/index.ts';
import { TruncatedError } from '../../../errors/index.ts';
import { TextOutput } from '../../output/text-output.ts';
import { floatText } from './number-text.ts';

test('a FLOAT of which damage says that it is longer is whole by what it says, and printed by its four bytes', () => {
  const cursor = new Cursor(Buffer.from('0000203f00000000', 'hex'));
  const out = new TextOutput();
  floatText(new Column(0, ColumnCode.FLOAT, 8))?.write(cursor, out);
  expect(out.take().toString().trim()).toBe('0.625');
  expect(cursor.position).toBe(4);
  expect(() => floatText(new Column(0, ColumnCode.FLOAT, 5))?.write(cursor, out)).toThrow(TruncatedError);
});
