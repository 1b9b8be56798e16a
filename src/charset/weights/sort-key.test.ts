import { expect, test } from 'vitest';
import { sortKey, sortKeyOfPart } from './sort-key.ts';

const compare = (collation: string, one: string, other: string): number => {
  const key = sortKey(collation)!;
  return Buffer.compare(key(one), key(other));
};

// As MySQL 9.7 and MariaDB 11.8 say; test/relay/random-queries.test.ts asks them about random texts.
test.each([
  ['utf8mb4_0900_ai_ci', 'Straße', 'STRASSE', 0],
  ['utf8mb4_0900_ai_ci', 'Ærøskøbing', 'aeroskobing', 0],
  ['utf8mb4_0900_ai_ci', 'e\u0301', 'É', 0],
  ['utf8mb4_0900_ai_ci', 'a', 'a ', -1],
  ['utf8mb4_0900_ai_ci', 'は', 'ハ', 0],
  ['utf8mb4_0900_ai_ci', '가', '각', -1],
  ['utf8mb4_0900_ai_ci', '日', '本', -1],
  ['utf8mb4_0900_ai_ci', '😀', '😁', -1],
  ['utf8mb4_0900_as_ci', 'É', 'é', 0],
  ['utf8mb4_0900_as_ci', 'é', 'e', 1],
  ['utf8mb4_uca1400_ai_ci', 'Straße', 'STRASSE ', 0],
  ['utf8mb4_uca1400_nopad_ai_ci', 'a', 'a ', -1],
  ['utf8mb4_unicode_ci', '😀', '😁', 0],
  ['utf8mb4_unicode_520_ci', '😀', '😁', -1],
  ['utf8mb4_unicode_ci', 'a\t', 'a', -1],
  ['utf8mb4_unicode_ci', 'a \t', 'a', -1],
  ['utf8mb4_general_ci', 'a \t', 'a  \t', -1],
  ['utf8mb4_general_ci', 'a b', 'a  b', 1],
  ['latin1_swedish_ci', 'a !', 'a', 1],
  ['utf8mb4_unicode_520_ci', '😀', '𠀀', -1],
  ['utf8mb4_unicode_520_ci', '\u{2f803}', '𠀀', -1],
  ['utf8mb4_0900_ai_ci', '\u{2a6d7}', '\u{2b740}', 1],
  ['utf8mb4_uca1400_ai_ci', '\u{2a6d7}', '\u{2b740}', -1],
  ['utf8mb4_uca1400_ai_ci', '\u{2ebe1}', '\u{30000}', 1],
  ['utf8mb4_general_ci', 'ß', 's', 0],
  ['utf8mb4_general_ci', 'ß', 'ss', -1],
  ['utf8mb3_general_ci', 'Äpfel  ', 'apfel', 0],
  ['latin1_swedish_ci', 'ä', 'z', 1],
  ['latin1_swedish_ci', 'ü', 'Y', 0],
  ['cp1251_general_ci', 'Ж', 'ж', 0],
])('%s: %s and %s', (collation, one, other, expected) => {
  expect(Math.sign(compare(collation, one, other))).toBe(expected);
});

test.each(['utf8mb4_bin', 'binary', 'utf8mb4_0900_as_cs', 'latin1_general_cs'])(
  '%s compares bytes',
  (collation) => {
    expect(sortKey(collation)).toBeUndefined();
  },
);

test('to LIKE spaces count, and characters beyond the first plane are each their own', () => {
  const key = sortKeyOfPart('utf8mb4_unicode_ci')!;
  expect(key('a ').equals(key('a'))).toBe(false);
  expect(key('😀').equals(key('😁'))).toBe(false);
  expect(key('A').equals(key('á'))).toBe(true);
});

test('texts of many weights find room', () => {
  expect(compare('utf8mb4_0900_ai_ci', 'ﷺ'.repeat(50), 'ﷺ'.repeat(50))).toBe(0);
  expect(sortKey('utf8mb4_0900_ai_ci')!('ﷺ'.repeat(50)).length).toBe(
    sortKey('utf8mb4_0900_ai_ci')!('ﷺ').length * 50,
  );
});
