import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseBinlogCommandLine } from '../../src/cli/binlog/options/index.ts';
import { type Dialect, OptionError } from '../../src/options/index.ts';

/** What a real program said when it found these option files; see record.ts. */
interface Recorded {
  readonly dialect: Dialect;
  readonly name: string;
  /** Path and, after a blank, permissions → content. */
  readonly files: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly outcome: 'run' | 'end';
  readonly exit: number | null;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

const file = process.env['RECORDED_FILES'] ?? new URL('recorded-files.json', import.meta.url);
const recorded = JSON.parse(readFileSync(file, 'utf8')) as readonly Recorded[];
const programs = { mysql: 'mysqlbinlog', mariadb: 'mariadb-binlog' } as const;

/** Where ours differs on purpose. */
const differs: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  mysql: new Set(),
  mariadb: new Set([
    // mariadb-binlog prints passwords in clear.
    'values',
    'passwords are hidden',
    // It cuts the last letter off the name of a file.
    'include at the end without newline',
    // Ours knows the option.
    'an option of the other program',
  ]),
};

type Said = Pick<Recorded, 'outcome' | 'exit' | 'stderr'> & { readonly printed: string | undefined };

function theirs({ outcome, exit, stderr, stdout }: Recorded): Said {
  const at = stdout.findIndex((line) =>
    line.endsWith('would have been started with the following arguments:'),
  );
  return { outcome, exit, stderr, printed: at < 0 ? undefined : stdout[at + 1] };
}

function ours({ dialect, args, files, env }: Recorded): Said {
  const folder = mkdtempSync(join(tmpdir(), 'options-'));
  const fill = (text: string): string => text.replaceAll('$DIR', folder);
  const clean = (text: string): string => text.replaceAll(folder, '$DIR');
  for (const [name, content] of Object.entries(files)) {
    const [path = '', mode = '644'] = name.split(' ');
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const encoded = /^base64:(.*)/.exec(content)?.[1];
    writeFileSync(join(folder, path), encoded === undefined ? fill(content) : Buffer.from(encoded, 'base64'));
    chmodSync(join(folder, path), Number.parseInt(mode, 8));
  }
  const stderr: string[] = [];
  try {
    const request = parseBinlogCommandLine({
      dialect,
      program: programs[dialect],
      argv: args.map(fill),
      env: Object.fromEntries(Object.entries(env ?? {}).map(([name, value]) => [name, fill(value)])),
      home: join(folder, 'home'),
      workingDirectory: folder,
      systemFolders: [],
      warn: (line) => stderr.push(clean(line)),
      checkGtidSet: () => undefined,
    });
    const printed = request.action === 'printDefaults' ? clean(request.lines[1] ?? '') : undefined;
    const exit = request.action === 'help' ? request.exitStatus : 0;
    return { outcome: request.action === 'run' ? 'run' : 'end', exit, stderr, printed };
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    const lines = [...stderr, ...error.lines.map(clean)];
    return { outcome: 'end', exit: error.exitStatus, stderr: lines, printed: undefined };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.each(['mysql', 'mariadb'] as const)('option files as the real %s program reads them', (dialect) => {
  for (const one of recorded.filter((each) => each.dialect === dialect && !differs[dialect].has(each.name)))
    test(one.name, () => expect(ours(one)).toEqual(theirs(one)));
});
