import { expect, test } from 'vitest';
import { versionNumber } from './server-version.ts';

test.each([
  ['9.7.4-2', 0x09_07_04],
  ['10.11.6-MariaDB', 0x0a_0b_06],
  ['9.7.ü-2', 0x09_07_00],
  ['8.x', 0x08_00_00],
  ['9', 0],
  ['9x.4', 0],
  ['9.256.1', 0],
  ['', 0],
])('%s is read as the servers read it', (version, number) => {
  expect(versionNumber(version)).toBe(number);
});
