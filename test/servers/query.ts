import { SERVERS, type ServerName } from './catalogue.ts';
import { runTool, SIGNALLED } from './program.ts';

/** How SQL is run. */
export interface QueryOptions {
  /** Go on after a failing statement; the failures are left out of the result. */
  readonly force?: boolean;
  /** More options for the client. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The client's folder: where LOAD DATA LOCAL looks for files. */
  readonly cwd?: string;
  /** The client is killed after this time: 60 seconds unless given. */
  readonly timeoutMs?: number;
}

/** Long enough for any test's SQL; what waits longer waits for a lock that nobody gives back. */
const QUERY_LIMIT_MS = 60_000;

/**
 * Run SQL, several statements if wanted, in one session of the real client. Resolves to its batch output: one line a
 * row, columns separated by tabs, with a line of column names before each result.
 * @throws Error with the client's message
 */
export type Query = (sql: string | Buffer, options?: QueryOptions) => Promise<string>;

/** `Query` through a socket. */
export async function querySocket(
  server: ServerName,
  socket: string,
  sql: string | Buffer,
  options: QueryOptions = {},
): Promise<string> {
  const { client } = SERVERS[server];
  const { timeoutMs = QUERY_LIMIT_MS } = options;
  const fixed = [
    '--no-defaults',
    '-uroot',
    `--socket=${socket}`,
    '--default-character-set=utf8mb4',
    '--batch',
  ];
  const args = [...fixed, ...(options.force === true ? ['--force'] : []), ...(options.args ?? [])];
  const { exit, stdout, stderr } = await runTool(client.server, client.tool, args, {
    stdin: sql,
    timeout: timeoutMs,
    env: { ...process.env, ...options.env },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  if (exit === SIGNALLED) throw new Error(`${server}: the client was killed after ${timeoutMs} ms`);
  if (exit !== 0 && options.force !== true) throw new Error(`${server}: ${stderr.trim()}`);
  return stdout;
}
