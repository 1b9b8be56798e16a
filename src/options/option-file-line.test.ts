import { describe, expect, test } from 'vitest';
import { readOptionFileLine } from './option-file-line.ts';

const option = (line: string): unknown => {
  const read = readOptionFileLine(line, true);
  return read.kind === 'option' ? read.argument : read;
};

describe('lines of option files', () => {
  test('blanks around name and value do not count', () => {
    expect(option('  user =  root \r')).toBe('--user=root');
    expect(option('raw  # now')).toBe('--raw');
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
    expect(readOptionFileLine('password = a#b', false)).toEqual({
      kind: 'option',
      argument: '--password=a#b',
    });
  });

  test('groups end at the first bracket', () => {
    expect(readOptionFileLine('[client ] # x', true)).toEqual({ kind: 'group', name: 'client' });
    expect(readOptionFileLine('[client', true)).toEqual({ kind: 'badGroup' });
  });

  test('directives need a blank after their name', () => {
    expect(readOptionFileLine('! include  /a b ', true)).toMatchObject({ name: 'include', target: '/a b' });
    expect(readOptionFileLine('!includex', true)).toMatchObject({ kind: 'directive', name: '' });
    expect(readOptionFileLine('!includedir /d', true)).toMatchObject({ name: 'includedir', target: '/d' });
  });
});
