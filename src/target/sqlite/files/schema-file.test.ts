import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqlite } from '../../../store/index.ts';
import { SchemaFile } from './schema-file.ts';

let file: SchemaFile;

beforeEach(async () => {
  file = new SchemaFile('s', await openSqlite(':memory:'), 'c', 'origin');
  file.enter([]);
  file.commit();
  file.enter([]);
  // As where the disk is full.
  file.database.exec('ROLLBACK');
});

afterEach(() => file.close());

test('what SQLite has given up by itself is forgotten', () => {
  expect(() => file.rollback()).not.toThrow();
  expect(() => file.discard()).not.toThrow();
});

test('what SQLite has given up by itself is not said to be applied', () => {
  file.rollback();
  expect(() => file.flush('c', 7)).toThrow('given up');
  expect(() => file.enter([])).toThrow('given up');
  expect(file.database.prepare('SELECT MAX(applied) AS n FROM "(rowlock)"').get()).toEqual({ n: null });
});
