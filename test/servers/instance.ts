import type { ChildProcess } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cacheFolder, instanceFolder } from './cache.ts';
import { SERVERS, type ServerName } from './catalogue.ts';
import { freshData, settingsFile } from './data-folder.ts';
import { fetchServer } from './fetch.ts';
import { freePort } from './free-port.ts';
import { spawnProgram } from './program.ts';
import { type Query, querySocket } from './query.ts';

/** How an instance is started. */
export interface StartOptions {
  /** More options for the server, on its command line. */
  readonly args?: readonly string[];
  /** More lines of `[mysqld]` in its option file; later ones win. */
  readonly lines?: readonly string[];
  /** More environment, for example `TZ`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Keep a data folder that a former start left; otherwise it is made fresh. */
  readonly reuse?: boolean;
  /** Let the server outlive this process. */
  readonly detached?: boolean;
}

/** A server that accepts connections. */
export interface RunningServer {
  readonly name: ServerName;
  readonly tag: string;
  readonly port: number;
  readonly socket: string;
  readonly dataFolder: string;
  /** The server's messages; TLS files stand in the data folder. */
  readonly errorLog: string;
  readonly pid: number;
  /** Run SQL as root through the server's command-line client. */
  readonly query: Query;
  /** A clean shutdown. */
  stop(): Promise<void>;
  /** SIGKILL: what a power cut leaves. */
  kill(): Promise<void>;
  /** Stop, and delete everything the instance left. */
  wipe(): Promise<void>;
}

const START_LIMIT_MS = 120_000;
/** sockaddr_un.sun_path on Linux, with its closing zero. */
const SOCKET_PATH_LIMIT = 107;

/** True while the process runs and is the server of this folder: process ids are used again. */
export function isServing(pid: number, folder: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(join(folder, 'my.cnf'));
  } catch {
    return false;
  }
}

/** The number in a file; undefined where there is none: other test files start and end what is theirs at any time. */
function numberIn(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Ask the server of a folder to end and wait until it has. */
export async function stopFolder(folder: string, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  const pid = numberIn(join(folder, 'server-pid')) ?? 0;
  if (pid > 0 && isServing(pid, folder)) {
    process.kill(pid, signal);
    while (isServing(pid, folder)) await pause(20);
  }
  rmSync(join(folder, 'server-pid'), { force: true });
}

async function untilReady(child: ChildProcess, folder: string, log: string): Promise<void> {
  const ended = { yes: false };
  child.once('exit', () => (ended.yes = true));
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const text = readFileSync(log, 'utf8');
    if (text.includes('ready for connections') && existsSync(join(folder, 's.sock'))) return;
    if (ended.yes || Date.now() > deadline) {
      const tail = text.trim().split('\n').slice(-5).join('\n');
      throw new Error(`server in ${folder} did ${ended.yes ? 'not start' : 'not get ready'}:\n${tail}`);
    }
    await pause(20);
  }
}

/**
 * Start an instance `NAME@TAG` on a free loopback port, with a fresh data folder unless told otherwise.
 * @throws Error when the server cannot be fetched or does not start, with the end of its log
 */
export async function startServer(
  name: ServerName,
  tag: string,
  options: StartOptions = {},
): Promise<RunningServer> {
  fetchServer(name);
  const folder = instanceFolder(name, tag);
  const socket = join(folder, 's.sock');
  if (socket.length > SOCKET_PATH_LIMIT)
    throw new Error(`socket path too long, set ROWLOCK_SERVERS: ${socket}`);
  await stopFolder(folder);
  const dataFolder = join(folder, 'data');
  if (options.reuse !== true) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (!existsSync(dataFolder)) await freshData(name, dataFolder);
  const port = await freePort();
  writeFileSync(join(folder, 'owner'), String(options.detached === true ? 0 : process.pid));
  writeFileSync(
    join(folder, 'my.cnf'),
    settingsFile(name, folder, [`port=${port}`, `server-id=${port}`, ...(options.lines ?? [])]),
  );
  const errorLog = join(folder, 'error.log');
  rmSync(socket, { force: true });
  const log = openSync(errorLog, 'w');
  const child = spawnProgram(
    name,
    SERVERS[name].program,
    [`--defaults-file=${join(folder, 'my.cnf')}`, ...(options.args ?? [])],
    {
      stdio: ['ignore', log, log],
      detached: options.detached === true,
      env: { ...process.env, ...options.env },
    },
  );
  closeSync(log);
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  failed.catch(() => {});
  const pid = child.pid ?? (await failed);
  writeFileSync(join(folder, 'server-pid'), String(pid));
  const killAtExit = (): void => void child.kill('SIGKILL');
  if (options.detached !== true) process.once('exit', killAtExit);
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await gone;
    }
    process.off('exit', killAtExit);
    rmSync(join(folder, 'server-pid'), { force: true });
  };
  try {
    await untilReady(child, folder, errorLog);
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  if (options.detached === true) child.unref();
  return {
    name,
    tag,
    port,
    socket,
    dataFolder,
    errorLog,
    pid,
    query: (sql, queryOptions) => querySocket(name, socket, sql, queryOptions),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    wipe: async () => {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Delete what test runs that were killed left behind: instances whose owner no longer runs. */
export async function sweepInstances(): Promise<void> {
  const all = join(cacheFolder(), 'instances');
  for (const entry of existsSync(all) ? readdirSync(all) : []) {
    const folder = join(all, entry);
    const owner = numberIn(join(folder, 'owner')) ?? 0;
    if (owner === 0 || existsSync(`/proc/${owner}`)) continue;
    await stopFolder(folder, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}
