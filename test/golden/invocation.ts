import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBinlog } from '../../src/cli/binlog/index.ts';
import type { ByteSink } from '../../src/cli/command-io.ts';
import { bufferSource } from '../../src/store/index.ts';
import { endOf, type ProcessEnd, SERVERS, type ServerName, spawnProgram } from '../servers/index.ts';

/** The two names the command answers to. */
export type ToolName = 'mysqlbinlog' | 'mariadb-binlog';

/** One run of a binlog command. */
export interface Invocation {
  readonly tool: ToolName;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly timeZone: string;
  readonly stdin?: Buffer;
  /** More environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A way to run a binlog command. */
export type Runner = (invocation: Invocation) => Promise<ProcessEnd>;

const ROOT = join(import.meta.dirname, '../..');
const EXECUTABLE = join(ROOT, 'bin/rowlock');

/** Whose programs the two names are. */
const OWNER: Record<ToolName, ServerName> = {
  mysqlbinlog: SERVERS.mysql97.binlogTool.server,
  'mariadb-binlog': SERVERS.mariadb118.binlogTool.server,
};

/** A tool that runs longer is caught in a loop. */
const LIMIT_MS = 60_000;

function environment({ timeZone, env }: Invocation): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, TZ: timeZone, LC_ALL: 'C', ...env };
}

/** The real tool. */
export const runReal: Runner = (invocation) => {
  const { tool, argv, cwd, stdin } = invocation;
  return endOf(
    spawnProgram(OWNER[tool], tool, argv, { cwd, env: environment(invocation), timeout: LIMIT_MS }),
    stdin,
  );
};

/** Why our executable cannot be run yet, or undefined. */
export function executableMissing(): string | undefined {
  return existsSync(EXECUTABLE) && existsSync(join(ROOT, 'dist'))
    ? undefined
    : 'bin/rowlock is not built: npm run build';
}

/** Our executable, called by the tool's name as a user's link would. */
export const runExecutable: Runner = async (invocation) => {
  const { tool, argv, cwd, stdin } = invocation;
  const links = mkdtempSync(join(tmpdir(), 'rowlock-links-'));
  try {
    symlinkSync(EXECUTABLE, join(links, tool));
    return await endOf(spawn(join(links, tool), argv, { cwd, env: environment(invocation) }), stdin);
  } finally {
    rmSync(links, { recursive: true });
  }
};

/** A command that prints more than any log of the tests is worth is caught in a loop. */
const LIMIT_BYTES = 1 << 28;

class Collected implements ByteSink {
  readonly isTerminal = false;
  readonly chunks: Buffer[] = [];
  #length = 0;

  write(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (this.#length > LIMIT_BYTES) throw new Error('output without end');
    // The writer uses its buffer again.
    this.chunks.push(Buffer.from(bytes));
  }
}

/**
 * Our command, called in this process: a start of Node per case would be most of the time. The process takes on the
 * case's time zone and folder for the run, so only one may run at a time.
 */
export const runInProcess: Runner = async (invocation) => {
  const [stdout, stderr] = [new Collected(), new Collected()];
  const before = { folder: process.cwd(), timeZone: process.env['TZ'] };
  process.chdir(invocation.cwd);
  process.env['TZ'] = invocation.timeZone;
  try {
    const exit = await runBinlog({
      argv: invocation.argv,
      program: invocation.tool,
      cwd: invocation.cwd,
      env: environment(invocation),
      // As a pipe: its length is not known, and there is no way back.
      stdin: () => ({
        ...bufferSource(invocation.stdin ?? Buffer.alloc(0), '-'),
        size: undefined,
        seekable: false,
      }),
      stdout,
      stderr,
    });
    return { exit, stdout: Buffer.concat(stdout.chunks), stderr: Buffer.concat(stderr.chunks) };
  } finally {
    process.chdir(before.folder);
    if (before.timeZone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before.timeZone;
  }
};
