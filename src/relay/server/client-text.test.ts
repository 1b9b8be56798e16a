import { expect, test } from 'vitest';
import { ColumnType } from '../../wire/index.ts';
import { clientText, clientValue } from './client-text.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

test('what a client writes is read in its character set', () => {
  expect(clientText(latin1("SELECT '\xe4\x80'"), 'latin1').toString()).toBe("SELECT 'ä€'");
  // The second byte of a character may be a backslash: it escapes nothing.
  expect(clientText(latin1("SELECT '\x83\x5c'"), 'sjis').toString()).toBe("SELECT 'ソ'");
  const text = Buffer.from("SELECT 'ä'");
  expect(clientText(text, undefined)).toBe(text);
});

test('strings behind _binary keep their bytes', () => {
  const text = latin1("SELECT '\xe4', _binary '\xff\xe4' AS `\xe4`, '_binary\xe4'");
  expect(clientText(text, 'latin1')).toEqual(
    Buffer.concat([
      Buffer.from("SELECT 'ä', _binary "),
      latin1("'\xff\xe4'"),
      Buffer.from(" AS `ä`, '_binaryä'"),
    ]),
  );
});

test('bound texts are read in the character set of the client, bytes are not', () => {
  const value = latin1('\xe4');
  expect(clientValue(value, ColumnType.VAR_STRING, 'latin1')).toEqual(Buffer.from('ä'));
  expect(clientValue(value, ColumnType.BLOB, 'latin1')).toBe(value);
  expect(clientValue(value, ColumnType.VAR_STRING, undefined)).toBe(value);
  expect(clientValue(5, ColumnType.VAR_STRING, 'latin1')).toBe(5);
});
