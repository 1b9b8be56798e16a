import { runBinlog } from '../../src/cli/binlog/index.ts';
import type { ByteSink } from '../../src/cli/command-io.ts';
import { runTool, type ServerName } from '../servers/index.ts';

/** What a run printed and how it ended. */
export interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Run {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

function collector(chunks: Buffer[]): ByteSink {
  return { isTerminal: false, write: (bytes) => void chunks.push(Buffer.from(bytes)) };
}

/** Ours under the name of the original, in this process. */
export async function runOurs(program: string, { argv, cwd, env = {} }: Run): Promise<Outcome> {
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  const exit = await runBinlog({
    argv,
    program,
    cwd,
    env: { TZ: 'UTC', ...env },
    stdin: () => {
      throw new Error('a remote log needs no standard input');
    },
    stdout: collector(stdout),
    stderr: collector(stderr),
  });
  return { exit, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** The original. */
export async function runTheirs(owner: ServerName, tool: string, { argv, cwd, env }: Run): Promise<Outcome> {
  return runTool(owner, tool, argv, { cwd, env: { ...process.env, TZ: 'UTC', ...env }, timeout: 60_000 });
}

/** MariaDB's tool names itself by its path; our own advice stands apart from what both say. */
export function comparable({ exit, stdout, stderr }: Outcome): Outcome {
  const lines = stderr.split('\n').filter((line) => !line.startsWith('hint:'));
  return { exit, stdout, stderr: lines.join('\n').replace(/^\S*\/(mariadb-binlog|mysqlbinlog):/gm, '$1:') };
}
