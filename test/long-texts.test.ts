import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { writeDecimal } from '../src/binlog/columns/decimal/decimal.ts';
import { Writer } from '../src/bytes/index.ts';
import { commandOfText } from '../src/cli/sql/commands.ts';
import { StatementSplitter } from '../src/cli/sql/statement-splitter.ts';
import { inWordsOfMysql } from '../src/relay/views/sqlite-error.ts';
import { syntaxError } from '../src/sql/administration/syntax-error.ts';
import { parseTableStatement, savepointName } from '../src/sql/index.ts';
import { xidOf } from '../src/target/applier/xid.ts';
import { DumpFacts } from '../src/target/dump/dump-facts.ts';

// Texts that a source, a client or a file may send, made so that a pattern which begins anew at each character never comes to an end.
const LENGTH = 1_000_000;
const blanks = ' '.repeat(LENGTH);

/** What never ends is ended: the test runner itself cannot interrupt what does not wait. */
const ends = <T>(read: () => T): T => runInNewContext('read()', { read }, { timeout: 20_000 });

describe('a long text is read in one pass', () => {
  test('the end of a statement that does not parse', () => {
    expect(ends(() => syntaxError(`x${blanks}y${blanks};`, 1)).message).toContain("near 'x   ");
  });

  test('the names of savepoints', () => {
    expect(ends(() => savepointName(`SAVEPOINT ${'`'.repeat(LENGTH)}x`))).toBe(`${'`'.repeat(LENGTH)}x`);
    expect(ends(() => savepointName(`SAVEPOINT ${'x'.repeat(LENGTH)} ONE`))).toBe('ONE');
    expect(savepointName('ROLLBACK TO SAVEPOINT `a``b`')).toBe('a`b');
  });

  test('what a statement of XA is about', () => {
    expect(ends(() => xidOf(Buffer.from(`XA COMMIT X'61',X'',1${blanks}ONE PHASE`)))).toBe("X'61',X'',1");
    expect(ends(() => xidOf(Buffer.from(`XA COMMIT X'61',${blanks}X'',1`)))).toBe("X'61',X'',1");
  });

  test('members of an ENUM', () => {
    const sql = Buffer.from(`CREATE TABLE t (c ENUM('a${blanks}b ', 'c  '))`);
    const statement = ends(() => parseTableStatement(sql, { flavor: 'mysql' }));
    expect(JSON.stringify(statement)).toContain('b","c"');
  });

  test('decimals', () => {
    const refused = (): void => writeDecimal(new Writer(), `${'0'.repeat(LENGTH)}x`, 10, 2);
    expect(() => ends(refused)).toThrow('is not a decimal number');
  });

  test('comments of a dump', () => {
    const facts = new DumpFacts();
    ends(() => facts.comment(`/* Host: localhost    Database: shop${blanks}. */`));
    expect(facts.schema.trimEnd()).toBe(`shop${blanks}.`);
  });

  test('names in what SQLite says', () => {
    const error = ends(() =>
      inWordsOfMysql(new Error(`no such column: ${' - should '.repeat(LENGTH / 10)}\n`)),
    ) as Error;
    expect(error.message).toContain('Unknown column');
  });

  test('what is typed into rowlock sql', () => {
    expect(ends(() => commandOfText(`use${blanks}shop${blanks}`))?.rest).toBe('shop');
    expect(ends(() => commandOfText(`select${blanks}1${blanks}`))).toBeUndefined();
    const splitter = new StatementSplitter();
    const lines = [...Array.from({ length: 60 }, (_, index) => `/* ${index} ** / */`), 'SELECT', '1;'];
    const texts = ends(() => lines.flatMap((line) => [...splitter.push(line)]));
    expect(texts).toHaveLength(1);
  });
});
