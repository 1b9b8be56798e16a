import { describe, expect, test } from 'vitest';
import { readOptionFileLine } from './option-file-line.ts';

const usual = { dialect: 'mysql', comments: true, isEnded: true } as const;

const option = (line: string): unknown => {
  const read = readOptionFileLine(line, usual);
  return read.kind === 'option' ? read.argument : read;
};

describe('lines of option files', () => {
  test('blanks around name and value do not count', () => {
    expect(option('  user =  root \r')).toBe('--user=root');
    expect(option('raw  # now')).toBe('--raw');
  });

  test('a name that is missing behind blanks is what is left of the line, as with both programs', () => {
    expect(option(' = 3')).toBe('--= 3\n=3');
    expect(option(' = 3 # x')).toBe('--= 3 =3');
    expect(readOptionFileLine('\t= 3', { ...usual, isEnded: false })).toMatchObject({ argument: '--= 3=3' });
    expect(option('= 3')).toBe('--=3');
  });

  test('one pair of quotes is taken off and keeps blanks and comments', () => {
    expect(option("a=' x # y '")).toBe('--a= x # y ');
    expect(option(`a="it's"`)).toBe("--a=it's");
    expect(option(`a="`)).toBe('--a="');
  });

  test('known escapes are replaced, others keep their backslash', () => {
    expect(option('a=x\\ty\\s\\\\z\\q\\')).toBe('--a=x\ty \\z\\q\\');
  });

  test('the login file has no comments at the end of a line', () => {
    expect(readOptionFileLine('password = a#b', { ...usual, comments: false })).toEqual({
      kind: 'option',
      argument: '--password=a#b',
    });
  });

  test('groups end at the first bracket', () => {
    expect(readOptionFileLine('[client ] # x', usual)).toEqual({ kind: 'group', name: 'client' });
    expect(readOptionFileLine('[client', usual)).toEqual({ kind: 'badGroup' });
  });

  test('directives need a blank after their name', () => {
    expect(readOptionFileLine('! include  /a b ', usual)).toMatchObject({ name: 'include', target: '/a b' });
    expect(readOptionFileLine('!includex', usual)).toMatchObject({ kind: 'directive', name: '' });
    expect(readOptionFileLine('!includedir /d', usual)).toMatchObject({ name: 'includedir', target: '/d' });
  });

  // What mysqlbinlog 9.7 and mariadb-binlog 11.8 did with such files.
  test.each([
    ['mysql', true, '!include /a # x', 'include', '/a'],
    ['mysql', true, '!include /a#b', 'include', '/a'],
    ['mysql', true, '!include #x', 'include', ''],
    ['mysql', false, '!includedir /d # x', 'includedir', '/d'],
    ['mysql', false, '!include /a', 'include', '/a'],
    ['mysql', true, '!include', 'include', ''],
    ['mysql', false, '!include', '', ''],
    ['mariadb', true, '!include /a # x', 'include', '/a # x'],
    ['mariadb', false, '!include /a', 'include', '/'],
    ['mariadb', false, '!include a', 'include', ''],
    ['mariadb', false, '!includedir /d # x', 'includedir', '/d #'],
    ['mariadb', false, '!includedir', '', ''],
  ] as const)('%s, line end %s: %s', (dialect, isEnded, line, name, target) => {
    expect(readOptionFileLine(line, { dialect, comments: true, isEnded })).toMatchObject({ name, target });
  });
});
