import { describe, expect, it } from 'vitest';
import { type LexerOptions, SqlLexer, Token } from './lexer.ts';

function tokens(sql: string, options?: LexerOptions): string {
  const lexer = new SqlLexer(Buffer.from(sql, 'latin1'), options);
  const texts: string[] = [];
  while (lexer.next() !== Token.END) texts.push(lexer.text);
  return texts.join(' ');
}

/** Each of these was run on MySQL 9.7.4 and MariaDB 11.8.6, where it gives the sum of the numbers that remain. */
describe('comments', () => {
  const versions =
    '1 /*!50700 +2*/ /*!50699 +3*/ /*!100100 +4*/ /*M! +5*/ /*M!100100 +6*/ /*!99999 +7*/ /*!090600 +8*/';

  it('are code by their version for MySQL', () => {
    expect(tokens(versions)).toBe('1 + 2 + 3 + 8');
  });

  it('are code for MariaDB unless their version is one of MySQL alone', () => {
    expect(tokens(versions, { flavor: 'mariadb' })).toBe('1 + 3 + 4 + 5 + 6');
  });

  it('are code for an older server up to its version', () => {
    expect(tokens(versions, { version: 50_699 })).toBe('1 + 3');
  });

  it.each([
    ['/*!999999 a /* b */ x */ c', 'c'],
    ['/*!99999 a /* b */ x */ c', 'c'],
    ['5 --\x01 + 1', '5'],
    ['5 --\x7f + 1', '5'],
    ['5 --', '5'],
    ['5 --1', '5 - - 1'],
    ['1 /*!5070 +1*/', '1 5070 + 1'],
    ['1 /*! /* x */ + 1 */', '1 + 1'],
    ['1 /*!50000 +1 /*!50000 +2 */ +3 */', '1 + 1 + 2 + 3 * /'],
    ['2 /* /* */ + 1', '2 + 1'],
    ['1 # x\n+ 2', '1 + 2'],
    ['1/**/2', '1 2'],
  ])('%j leave %j', (sql, left) => {
    expect(tokens(sql)).toBe(left);
  });
});

describe('tokens', () => {
  it.each([
    ['a.`b``c`."d"', 'a . `b``c` . "d"'],
    ["x'41' N'a' _utf8mb4'b'", "x '41' N 'a' _utf8mb4 'b'"],
    ["'a''b' 'a\\'b' \"a'b\"", "'a''b' 'a\\'b' \"a'b\""],
    ["@a.b @@global.x @`a b` @'c'", "@a.b @@global.x @`a b` @'c'"],
    ['$a 1e5 0x1F .5', '$a 1e5 0x1F . 5'],
    ['a:=1;', 'a : = 1 ;'],
  ])('of %j', (sql, expected) => {
    expect(tokens(sql)).toBe(expected);
  });

  it('know a name in double quotes from a string by ANSI_QUOTES', () => {
    const kind = (sqlMode: number): number => new SqlLexer(Buffer.from('"a"'), { sqlMode }).next();
    expect([kind(0), kind(4)]).toEqual([Token.STRING, Token.QUOTED]);
  });

  it('never take a quoted name for a word', () => {
    const lexer = new SqlLexer(Buffer.from('begin `begin` "begin" @begin'));
    const words = [1, 2, 3, 4].map(() => {
      lexer.next();
      return lexer.word;
    });
    expect(words).toEqual(['BEGIN', '', '', '']);
  });

  it.each([
    ['gbk', '\xb0\x5c', '\xb0\x5c x'],
    ['big5', '\xa5\x5c', '\xa5\x5c x'],
    ['gb18030', '\x81\x30\x81\x30', '\x81\x30\x81\x30 x'],
    ['gb18030', '\xb0\x60', '\xb0\x60 x'],
    ['sjis', '\x83\x5c', '\x83\x5c x'],
  ])('keep a character of %s whole', (charset, character, expected) => {
    expect(tokens(`${character} x`, { charset })).toBe(expected);
  });
});
