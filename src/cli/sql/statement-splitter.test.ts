import { expect, test } from 'vitest';
import { StatementSplitter } from './statement-splitter.ts';

test('statements end at semicolons, \\g and \\G, outside quotes and comments', () => {
  const splitter = new StatementSplitter();
  expect(splitter.push("SELECT ';' ; SHOW x\\G SELECT /* ; */ 2 \\g SELECT")).toEqual([
    { text: "SELECT ';'", vertical: false, line: 1 },
    { text: 'SHOW x', vertical: true, line: 1 },
    { text: 'SELECT /* ; */ 2', vertical: false, line: 1 },
  ]);
  expect(splitter.pending).toBe(true);
  expect(splitter.push("'ü\n'; SELECT 'ü'")).toEqual([{ text: "SELECT\n'ü\n'", vertical: false, line: 1 }]);
  expect(splitter.finish()).toEqual([{ text: "SELECT 'ü'", vertical: false, line: 2 }]);
});

test('commands stand alone on a line, and \\c forgets what was typed', () => {
  const splitter = new StatementSplitter();
  expect(splitter.push('quit;')).toEqual([{ command: 'quit' }]);
  splitter.push('SELECT');
  expect(splitter.push('quit')).toEqual([]);
  expect(splitter.push('x \\c')).toEqual([{ command: 'clear' }]);
  expect(splitter.pending).toBe(false);
});

test('delimiter changes what ends a statement, within a word too, outside quotes', () => {
  const splitter = new StatementSplitter();
  expect(splitter.push('DELIMITER //')).toEqual([{ command: 'delimiter' }]);
  expect(splitter.push("CREATE USER a; SELECT '//'// SELECT 2\\G")).toEqual([
    { text: "CREATE USER a; SELECT '//'", vertical: false, line: 2 },
    { text: 'SELECT 2', vertical: true, line: 2 },
  ]);
  splitter.push('\\d $$');
  expect(splitter.push('SELECT 1$$SELECT 2;')).toEqual([{ text: 'SELECT 1', vertical: false, line: 4 }]);
});

test('use and source take the rest of their line, unless a statement is under way', () => {
  const splitter = new StatementSplitter();
  const use = { text: 'USE `my-shop`', vertical: false };
  expect(splitter.push('use my-shop')).toEqual([{ ...use, line: 1 }]);
  expect(splitter.push('\\u `my-shop`;')).toEqual([{ ...use, line: 2 }]);
  expect(splitter.push('use shop; SELECT 1;')).toHaveLength(2);
  const source = { command: 'source', file: '/a b.sql' };
  expect(splitter.push(' source /a b.sql ;')).toEqual([{ ...source, line: 4 }]);
  expect(splitter.push('\\. /a b.sql')).toEqual([{ ...source, line: 5 }]);
  splitter.push('SELECT');
  expect(splitter.push('use x')).toEqual([]);
});

test('\\W and \\w differ', () => {
  const splitter = new StatementSplitter();
  expect([...splitter.push('\\W'), ...splitter.push('\\w')]).toEqual([
    { command: 'warnings' },
    { command: 'nowarning' },
  ]);
});
