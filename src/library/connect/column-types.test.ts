import { expect, test } from 'vitest';
import { membersOf } from './column-types.ts';

// What MySQL 5.6 and 9.7 and MariaDB 10.5, 10.11 and 11.8 show for ENUM('a\\b','c''d','n\nl','r\rx','z\0y','"q','x,y').
test('members are read as they are, whatever the servers escape in them', () => {
  const shown = String.raw`enum('a\\b','c''d','n\nl','r\rx','z\0y','"q','x,y','\\n')`;
  expect(membersOf(shown).map(String)).toEqual(['a\\b', "c'd", 'n\nl', 'r\rx', 'z\0y', '"q', 'x,y', '\\n']);
});
