import { expect, test } from 'vitest';
import { Column, ColumnCode } from '../../../binlog/index.ts';
import { Cursor } from '../../../bytes/index.ts';
import { TextOutput } from '../../output/text-output.ts';
import { datetimeText, oldTimestampText } from './time-text.ts';

/** What mysqlbinlog 9.7 prints of damaged values, whose sign and fraction are none that a server writes. */
const damaged: readonly (readonly [bytes: string, text: string])[] = [
  ['64bb7efb9963', '2147-11-00 16:17:38.7'],
];

test.each(damaged)('a DATETIME(1) of %s prints as by the original', (bytes, text) => {
  const column = new Column(0, ColumnCode.DATETIME2, 1);
  const out = new TextOutput();
  datetimeText(column)?.write(new Cursor(Buffer.from(bytes, 'hex')), out);
  expect(out.take().toString()).toBe(`'${text}'`);
});

test('a TIMESTAMP in the old format is a signed number to the original', () => {
  const out = new TextOutput();
  oldTimestampText(new Column(0, ColumnCode.TIMESTAMP, 0))?.write(
    new Cursor(Buffer.from('04bfadbe', 'hex')),
    out,
  );
  expect(out.take().toString()).toBe('-1095909628');
});
