import { expect, test } from 'vitest';
import { encodeMessage } from './message.ts';

/** Asked of MySQL 9.7.4 and MariaDB 11.8.6, as text of error 1146. */
test.each([
  ['latin1', 'ä€日本', '\xe4\x80\\65E5\\672C'],
  ['latin2', 'ä€日本', '\xe4\\20AC\\65E5\\672C'],
  ['ascii', 'ä€', '\\00E4\\20AC'],
  ['cp1251', 'ä€', '\\00E4\x88'],
  ['gbk', 'ä日', '\\00E4\xc8\xd5'],
  ['latin1', 'a?b', 'a?b'],
  ['latin1', '日😀', '\\65E5?'],
])('a message in %s: %s', (charset, message, bytes) => {
  expect(encodeMessage(message, charset).toString('latin1')).toBe(bytes);
});

test('a message in a character set of wide characters stays readable', () => {
  expect(encodeMessage('no', 'utf16').toString()).toBe('no');
});
