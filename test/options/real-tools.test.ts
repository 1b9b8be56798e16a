import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { binlogOptionTable, parseBinlogCommandLine } from '../../src/cli/binlog/options/index.ts';
import { MysqlGtidSet } from '../../src/gtid/index.ts';
import { type Dialect, OptionError } from '../../src/options/index.ts';

/** What a real program said; see record.ts. */
interface Recorded {
  readonly dialect: Dialect;
  readonly args: readonly string[];
  readonly outcome: 'run' | 'end';
  readonly exit: number | null;
  readonly stderr: readonly string[];
}

// Set RECORDED to the output of a fresh record.ts to compare with other versions of the real programs.
const file = process.env['RECORDED'] ?? new URL('recorded.json', import.meta.url);
const recorded = JSON.parse(readFileSync(file, 'utf8')) as readonly Recorded[];

const programs = { mysql: 'mysqlbinlog', mariadb: 'mariadb-binlog' } as const;
function gtidSetProblem(text: string): string | undefined {
  try {
    MysqlGtidSet.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function ours({ dialect, args }: Recorded): Omit<Recorded, 'dialect' | 'args'> {
  const stderr: string[] = [];
  try {
    const request = parseBinlogCommandLine({
      dialect,
      program: programs[dialect],
      argv: ['--no-defaults', ...args],
      env: { TZ: 'UTC' },
      home: undefined,
      workingDirectory: '/',
      warn: (line) => stderr.push(line),
      checkGtidSet: gtidSetProblem,
    });
    const exit = request.action === 'help' ? request.exitStatus : 0;
    return { outcome: request.action === 'run' ? 'run' : 'end', exit, stderr };
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    return { outcome: 'end', exit: error.exitStatus, stderr: [...stderr, ...error.lines] };
  }
}

/** Option names that this dialect's real program does not have, but ours does: MariaDB's in MySQL's dialect, our own, … */
const foreign: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  mysql: new Set(binlogOptionTable.filter(({ owner }) => owner === 'mariadb').map(({ name }) => name)),
  mariadb: new Set(binlogOptionTable.filter(({ owner }) => owner === 'mysql').map(({ name }) => name)),
};

/** The real program does not know an option that ours accepts: nothing to compare. */
function isBeyond({ dialect, args, stderr }: Recorded): boolean {
  // MariaDB's lists where mysqlbinlog wants one number.
  if (dialect === 'mysql' && args.some((word) => /=\d+(-\d+-\d+)?(,[-\d]+)*$/.test(word)))
    if (stderr.some((line) => /Unknown suffix '[-,]'/.test(line))) return true;
  if (dialect === 'mariadb' && stderr.some((line) => /unknown option '-[Ci]'/.test(line))) return true;
  return stderr.some((line) => {
    const [, name = ''] = /unknown (?:option|variable) '(?:--)?((?:skip-)?[a-z-]+)/.exec(line) ?? [];
    return foreign[dialect].has(name) || foreign[dialect].has(name.replace(/^skip-/, ''));
  });
}

describe.each(['mysql', 'mariadb'] as const)('command lines the real %s program was given', (dialect) => {
  for (const one of recorded.filter((each) => each.dialect === dialect && !isBeyond(each))) {
    const { outcome, exit, stderr } = one;
    test(one.args.join(' ').replaceAll('%', '%%'), () =>
      expect(ours(one)).toEqual({ outcome, exit, stderr }),
    );
  }
});
