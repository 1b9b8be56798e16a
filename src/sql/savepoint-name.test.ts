import { expect, test } from 'vitest';
import { savepointName } from './savepoint-name.ts';

test.each([
  ['SAVEPOINT `a`', 'a'],
  ['SAVEPOINT a', 'a'],
  ['ROLLBACK TO `of ``us`` two` ', 'of `us` two'],
  ['ROLLBACK WORK TO SAVEPOINT käufe', 'käufe'],
])('the name of %s', (statement, name) => {
  expect(savepointName(statement)).toBe(name);
});
