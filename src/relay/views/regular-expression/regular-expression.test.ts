import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RegularExpression } from './regular-expression.ts';

const matches = (text: string, pattern: string): boolean => new RegularExpression(pattern).matches(text);

describe('a regular expression', () => {
  it.each([
    ['abc', 'B', true],
    ['abc', '^b', false],
    ['abc', '^a.c$', true],
    ['', '^$', true],
    ['aaa', '^a{2}$', false],
    ['aaa', '^a{2,}$', true],
    ['ababab', '^(ab){1,3}$', true],
    ['binlog.000012', '^binlog\\.[0-9]{6}$', true],
    ['one two', '\\btwo\\b', true],
    ['cat', '^(dog|cat|bird)$', true],
    ['bird', '^(dog|cat|bird)$', true],
    ['catdog', '^(dog|cat)$', false],
    ['a-z', '[^a-y]z$', true],
    ['x]y', '[]]', true],
    ['x1', '[[:digit:]]', true],
    ['ÄB', 'äb', true],
    ['', 'a*', true],
    ['aXb', 'a(?:x|y)?b', true],
  ])('in %s, %s: %s', (text, pattern, found) => {
    expect(matches(text, pattern)).toBe(found);
  });

  it.each([
    ['', 3685],
    ['[[:foo:]]', 3685],
    ['*', 3688],
    ['a|*', 3688],
    ['a\\', 3689],
    ['(', 3691],
    ['a)', 3691],
    ['a{2', 3692],
    ['a{x}', 3692],
    ['a{2,1}', 3693],
    ['[a', 3696],
    ['[b-a]', 3697],
  ])('is refused where it is none, as MySQL refuses it: %s', (pattern, errno) => {
    expect(() => new RegularExpression(pattern)).toThrow(expect.objectContaining({ errno }));
  });

  it.each([
    ['parts that are written out many times', '((a{99}){99}){99}'],
    ['parts without anything in them, many times', '(((a{0}){9999}){9999}){9999}'],
    ['groups within groups', `${'('.repeat(100_000)}`],
    ['long ones', 'a{9}'.repeat(1_000_000)],
  ])('is refused where it would take long to read: %s', (_, pattern) => {
    expect(() => new RegularExpression(pattern)).toThrow(expect.objectContaining({ errno: 3700 }));
  });

  it('gives up where a long text has too many ways through it', () => {
    const text = 'a'.repeat(20_000);
    expect(() => matches(text, '(a?){900}b')).toThrow(expect.objectContaining({ errno: 3699 }));
    expect(matches(`${text}b`, 'a+b$')).toBe(true);
  });

  it('takes no longer for being written to', () => {
    expect(matches('a'.repeat(3000), '^(a+)+$')).toBe(true);
    expect(matches(`${'a'.repeat(3000)}b`, '^(a+)+$')).toBe(false);
  });

  it('finds what JavaScript finds', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|bb)', '(ab)', '\\w', '\\d');
    const part = fc
      .tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{1,2}', '{0,}'))
      .map((each) => each.join(''));
    const pattern = fc
      .array(
        fc.array(part, { maxLength: 4 }).map((parts) => parts.join('')),
        { minLength: 1, maxLength: 3 },
      )
      .chain((alternatives) =>
        fc.tuple(
          fc.constantFrom('', '^'),
          fc.constant(`(${alternatives.join('|')})`),
          fc.constantFrom('', '$'),
        ),
      )
      .map((each) => each.join(''));
    fc.assert(
      fc.property(
        pattern,
        fc.string({ unit: fc.constantFrom('a', 'b', '1', ' '), maxLength: 8 }),
        (written, text) => {
          expect(matches(text, written)).toBe(new RegExp(written).test(text));
        },
      ),
      { numRuns: 500 },
    );
  });
});
