import { expect, test } from 'vitest';
import type { Dialect } from './definition.ts';
import { optionFileLines } from './option-file-text.ts';

function texts(dialect: Dialect, file: string): string[] {
  return optionFileLines(Buffer.from(file), dialect).map(({ text }) => text);
}

test.each(['mysql', 'mariadb'] as const)(
  'lines of %s are numbered, and the last may have no end',
  (dialect) => {
    expect(optionFileLines(Buffer.from('a\r\nb'), dialect)).toEqual([
      { text: 'a\r', number: 1, isEnded: true },
      { text: 'b', number: 2, isEnded: false },
    ]);
    const long = 'x'.repeat(9000);
    expect(texts(dialect, `${long}\nb\n`).slice(0, 2)).toEqual([long, 'b']);
  },
);

// What mysqlbinlog 9.7 and mariadb-binlog 11.8 did with such files.
test('behind a NUL mysqlbinlog joins the next line, mariadb-binlog has nothing', () => {
  expect(texts('mysql', '[a]\0x\nb\nc\n')).toEqual(['[a]b', 'c']);
  expect(texts('mariadb', '[a]\0x\nb\nc\n').slice(0, 3)).toEqual(['[a]', 'b', 'c']);
});

test('mysqlbinlog takes a NUL at the beginning for the end', () => {
  expect(texts('mysql', 'a\n\0b\nc\n')).toEqual(['a']);
  expect(texts('mysql', 'a\0x\n\0\nc\n')).toEqual(['a', 'c']);
  expect(texts('mariadb', '\0b\nc').slice(0, 2)).toEqual(['', 'c']);
});

test('mysqlbinlog reads 4095 bytes at a time: a NUL hides no more', () => {
  expect(texts('mysql', `ab\0${'x'.repeat(4092)}yz\nc\n`)).toEqual(['abyz', 'c']);
  const whole = 'x'.repeat(4095);
  expect(texts('mysql', `${whole}\0z\nc\n`)).toEqual([whole, 'c']);
});
