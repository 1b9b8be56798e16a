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
