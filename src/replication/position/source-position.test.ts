import { expect, test } from 'vitest';
import { UsageError } from '../../errors/index.ts';
import { checkStart } from './source-position.ts';

const refused = [
  {},
  { gtids: 'hello' },
  { gtids: '3e11fa47-71ca-11e1-9e33-c80aa9429562:0' },
  { gtids: '0-1' },
  { file: 'a/b.000001' },
  { file: 'b.000001', position: 3 },
];

test.each(refused)('%j is no place to begin at', (place) => {
  expect(() => checkStart(place)).toThrow(UsageError);
});

test.each(['', '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5:tag:7', '0-1-100,1-1-7'])(
  'all of %j was seen',
  (gtids) => {
    expect(checkStart({ gtids })).toEqual({ gtids });
  },
);
