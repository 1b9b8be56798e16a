import { describe, expect, test } from 'vitest';
import { type OptionDefinition, OptionError, parseArguments, resolveOptions } from './index.ts';

const base = { owner: 'both', section: 'All', help: 'Help.' } as const;
const table: readonly OptionDefinition[] = [
  { ...base, name: 'quiet', short: 'q', argument: 'none', type: { kind: 'bool', default: false } },
  { ...base, name: 'quick', argument: 'none', type: { kind: 'bool', default: true } },
  {
    ...base,
    name: 'block_size',
    short: 'b',
    argument: 'required',
    type: { kind: 'unsigned', bits: 64, default: 1n, min: 0n },
  },
  {
    ...base,
    name: 'mode',
    argument: 'required',
    type: { kind: 'choice', values: ['FAST', 'FASTER', 'SLOW'] },
  },
  { ...base, name: 'password', short: 'p', argument: 'optional', type: { kind: 'password' } },
  { ...base, name: 'level', argument: 'none', type: { kind: 'bool', default: false, words: ['strict'] } },
  { ...base, name: 'only-maria', argument: 'required', type: { kind: 'string' }, owner: 'mariadb' },
];

function parse(dialect: 'mysql' | 'mariadb', ...argv: readonly string[]): Record<string, unknown> {
  const warnings: string[] = [];
  try {
    const { values, positionals } = parseArguments(
      resolveOptions(table, dialect),
      argv.map((text) => ({ text, fromFile: false })),
      { dialect, program: 'prog', warn: (line) => warnings.push(line) },
    );
    return { ...Object.fromEntries(values), positionals, warnings };
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    return { lines: error.lines, exitStatus: error.exitStatus, warnings };
  }
}

describe('parsing a command line', () => {
  test('short options bundle, and the rest of a word is the value of the first that takes one', () => {
    expect(parse('mysql', '-qb5', 'x')).toMatchObject({ quiet: true, block_size: 5n, positionals: ['x'] });
    expect(parse('mysql', '-qb', '5')).toMatchObject({ quiet: true, block_size: 5n, positionals: [] });
  });

  test('a password is only a value when it is attached', () => {
    expect(parse('mariadb', '-p', 'x')).toMatchObject({ password: null, positionals: ['x'] });
    expect(parse('mariadb', '-px')).toMatchObject({ password: 'x' });
    expect(parse('mysql', '--skip-password')).toMatchObject({ password: '' });
    expect(parse('mariadb', '--password=0')).toMatchObject({ password: '0' });
  });

  test('underscores and dashes are the same', () => {
    expect(parse('mysql', '--block-size=2K')).toMatchObject({ block_size: 2048n });
    expect(parse('mysql', '--block_size=2K')).toMatchObject({ block_size: 2048n });
  });

  test('prefixes stack, and switching off off is on', () => {
    expect(parse('mysql', '--loose-skip-quick')).toMatchObject({ quick: false });
    expect(parse('mysql', '--skip-quiet=0')).toMatchObject({ quiet: true });
    expect(parse('mysql', '--loose-none=1')).toMatchObject({
      warnings: ["prog: [Warning] unknown variable 'loose-none=1'."],
    });
  });

  test('MariaDB takes abbreviations of its own options only', () => {
    expect(parse('mariadb', '--quie')).toMatchObject({ quiet: true });
    expect(parse('mariadb', '--qui')).toMatchObject({ exitStatus: 3 });
    expect(parse('mysql', '--quie')).toMatchObject({ exitStatus: 2 });
    expect(parse('mysql', '--only-maria=x')).toMatchObject({ 'only-maria': 'x' });
  });

  test('MariaDB reports every error in order and ends with the last status', () => {
    expect(parse('mariadb', '--none=1', '-z', '--block-size')).toEqual({
      warnings: ["prog: unknown variable 'none=1'", "prog: unknown option '-z'"],
      lines: ["prog: option '--block_size' requires an argument"],
      exitStatus: 5,
    });
  });

  test('a choice takes a whole word before a longer one that begins with it', () => {
    expect(parse('mysql', '--mode=fast')).toMatchObject({ mode: 'FAST' });
    expect(parse('mysql', '--mode=s')).toMatchObject({ mode: 'SLOW' });
    expect(parse('mysql', '--mode=f')).toMatchObject({
      exitStatus: 1,
      lines: ['Unknown option to mode: f', expect.anything()],
    });
  });

  test('a switch with words of its own is a switch all the same', () => {
    expect(parse('mysql', '--level')).toMatchObject({ level: true });
    expect(parse('mysql', '--level=STRICT')).toMatchObject({ level: 'strict' });
    expect(parse('mysql', '--level=odd')).toMatchObject({
      level: false,
      warnings: [expect.stringContaining('ignoring')],
    });
  });

  test('after two dashes everything is an argument', () => {
    expect(parse('mysql', 'a', '--', '-q', '--')).toMatchObject({
      quiet: false,
      positionals: ['a', '-q', '--'],
    });
  });

  test('a value missing in an option file is not taken from the next word', () => {
    const words = ['--block-size', '5'].map((text) => ({ text, fromFile: true }));
    const settings = { dialect: 'mysql', program: 'prog', warn: () => undefined } as const;
    expect(() => parseArguments(resolveOptions(table, 'mysql'), words, settings)).toThrow(OptionError);
  });

  test('passwords never reach an error', () => {
    const said = JSON.stringify(parse('mysql', '--password=hunter2', '-phunter2', '--none'));
    expect(said).not.toContain('hunter2');
    expect(said).toContain('Using a password on the command line interface can be insecure');
  });
});
