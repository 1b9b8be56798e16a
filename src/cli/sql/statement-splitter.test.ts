import { expect, test } from 'vitest';
import { type SplitItem, StatementSplitter } from './statement-splitter.ts';

/** Statements as their texts, upright ones with `\G`; commands as name and text; failures as they are. */
function shown(item: SplitItem): string {
  if ('failure' in item) return `! ${item.failure}`;
  if ('command' in item) return `${item.command}(${item.text})`;
  return `${item.text}${item.vertical ? '\\G' : ''} @${item.line}`;
}

const push = (splitter: StatementSplitter, line: string): string[] => [...splitter.push(line)].map(shown);

test('statements end at semicolons, \\g and \\G, outside quotes and comments', () => {
  const splitter = new StatementSplitter();
  expect(push(splitter, "SELECT ';' ; SHOW x\\G SELECT /* ; */ 2 \\g SELECT")).toEqual([
    "SELECT ';' @1",
    'SHOW x\\G @1',
    'SELECT /* ; */ 2 @1',
  ]);
  expect(splitter.pending).toBe(true);
  expect(push(splitter, "'x\ry")).toEqual([]);
  expect(splitter.open).toBe("'");
  expect(push(splitter, "'; SELECT 'ü' # ;")).toEqual(["SELECT\n'x\ry\n' @1"]);
  expect([...splitter.finish()].map(shown)).toEqual(["SELECT 'ü' # ; @1"]);
});

test('a backslash hides what follows in a string, unless the session has it for a character', () => {
  const splitter = new StatementSplitter();
  expect(push(splitter, "SELECT 'a\\'; b';")).toEqual(["SELECT 'a\\'; b' @1"]);
  splitter.backslashEscapes = false;
  expect(push(splitter, "SELECT 'a\\';")).toEqual(["SELECT 'a\\' @2"]);
});

test('what stands behind an end on its line belongs to the statement before if it is a comment', () => {
  const splitter = new StatementSplitter();
  expect(push(splitter, 'SELECT 1;  -- one')).toEqual(['SELECT 1;  -- one @1'.replace(';', '')]);
  expect(push(splitter, '-- alone')).toEqual(['-- alone @2']);
  expect(push(splitter, 'use x')).toEqual(['USE `x` @3']);
});

test('commands stand alone on a line, and \\c forgets what was typed', () => {
  const splitter = new StatementSplitter();
  expect(push(splitter, 'quit;')).toEqual(['quit()']);
  push(splitter, 'SELECT');
  expect(push(splitter, 'quit')).toEqual([]);
  push(splitter, 'x \\c');
  expect(splitter.pending).toBe(false);
  expect(push(splitter, 'help me')).toEqual([]);
  expect(push(splitter, '\\y')).toEqual(["! Unknown command '\\y'."]);
});

test('delimiter changes what ends a statement, within a word too, outside quotes', () => {
  const splitter = new StatementSplitter();
  expect(push(splitter, "/* of a file's head */")).toEqual([]);
  expect(push(splitter, 'DELIMITER //')).toEqual([]);
  expect(push(splitter, "CREATE USER a; SELECT '//'// SELECT 2\\G")).toEqual([
    "CREATE USER a; SELECT '//' @3",
    'SELECT 2\\G @3',
  ]);
  push(splitter, '\\d $$');
  expect(push(splitter, 'SELECT 1$$SELECT 2;')).toEqual(['SELECT 1 @5']);
  splitter.clear();
  expect(push(splitter, 'delimiter')).toEqual([
    "! DELIMITER must be followed by a 'delimiter' character or string",
  ]);
});

test('use and source take the rest of their line, unless a statement is under way', () => {
  const splitter = new StatementSplitter();
  expect(push(splitter, 'use my-shop')).toEqual(['USE `my-shop` @1']);
  expect(push(splitter, '\\u `my-shop`;')).toEqual(['USE `my-shop` @2']);
  expect(push(splitter, 'use shop; SELECT 1;')).toEqual(['USE `shop` @3', 'SELECT 1 @3']);
  expect(push(splitter, ' source /a b.sql ;')).toEqual(['source(/a b.sql)']);
  expect(push(splitter, '\\. /a b.sql')).toEqual(['source(/a b.sql)']);
  push(splitter, 'SELECT');
  expect(push(splitter, 'use x')).toEqual([]);
});

test('\\W and \\w differ, and a command is asked for before the rest of its line is looked at', () => {
  const splitter = new StatementSplitter();
  expect(push(splitter, '\\W')).toEqual(['warnings()']);
  expect(push(splitter, '\\w')).toEqual(['nowarning()']);
  expect(push(splitter, 'SELECT 1 \\p;')).toEqual(['print()', 'SELECT 1 @3']);
});
