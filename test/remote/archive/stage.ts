import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, connect as dial, type Socket } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { EventType, RawEvent } from '../../../src/binlog/index.ts';
import { gtidText, transactionGtid } from '../../../src/replication/index.ts';
import { fileSource, LogReader } from '../../../src/store/index.ts';
import type { RunningServer } from '../../servers/index.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LOG = /^mysql-bin\.\d{6,}$/;
/** Low byte of the flags of the first event: a server marks the log it writes there (`LOG_EVENT_BINLOG_IN_USE_F`). */
const IN_USE_AT = 4 + 17;

/** Bundles the command line as the package does, from the sources as they are. Returns the program. */
export async function buildProgram(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: { rowlock: join(ROOT, 'src/cli/main.ts') },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outExtension: { '.js': '.mjs' },
    define: { ROWLOCK_VERSION: '"test"' },
    banner: {
      js: "import { createRequire as rowlockRequire } from 'node:module'; const require = rowlockRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  const start = join(folder, 'start.mjs');
  writeFileSync(
    start,
    "import { main } from './rowlock.mjs';\nprocess.exitCode = await main([process.argv[0], 'rowlock', ...process.argv.slice(2)]);\n",
  );
  return start;
}

/** A running copy. */
export interface Copy {
  readonly child: ChildProcess;
  /** What it said so far. */
  stderr(): string;
  /** Exit status, or the signal that killed it. */
  readonly ended: Promise<number | string>;
}

export function startCopy(program: string, words: readonly string[]): Copy {
  const child = spawn(process.execPath, [program, 'binlog', '--no-defaults', '-R', '--raw', ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return { child, stderr: () => text, ended };
}

/** Runs a copy to its end. @throws Error where it fails */
export async function finishCopy(program: string, words: readonly string[]): Promise<string> {
  const copy = startCopy(program, words);
  const status = await copy.ended;
  if (status !== 0) throw new Error(`the copy ended with ${status}: ${copy.stderr()}`);
  return copy.stderr();
}

/** Names of logs that differ between a source and its archive; the mark of a log in use does not count. */
export function differingLogs(server: RunningServer, archive: string, first = ''): string[] {
  const logs = readdirSync(server.dataFolder).filter((name) => LOG.test(name) && name >= first);
  const copies = readdirSync(archive).filter((name) => LOG.test(name));
  const newest = logs.toSorted().at(-1);
  const differing = new Set(
    [...logs, ...copies].filter((name) => !logs.includes(name) || !copies.includes(name)),
  );
  for (const name of logs.filter((log) => copies.includes(log))) {
    const [log, copy] = [server.dataFolder, archive].map((folder) => readFileSync(join(folder, name)));
    log![IN_USE_AT] = copy![IN_USE_AT]!;
    // MariaDB adds checkpoints to the log in use when it likes.
    const compared = name === newest ? log!.subarray(0, copy!.length) : log!;
    if (!compared.equals(copy!)) differing.add(`${name} (${log!.length} bytes, the copy ${copy!.length})`);
  }
  return [...differing];
}

/** The GTIDs of logs' transactions with the file of each, in their order. */
export function gtidsOfLogs(folder: string, names: readonly string[]): { gtid: string; name: string }[] {
  const gtids: { gtid: string; name: string }[] = [];
  for (const name of names) {
    const reader = new LogReader(fileSource(join(folder, name)));
    reader.open();
    const event = new RawEvent();
    while (reader.next(event)) {
      const gtid = transactionGtid(event);
      if (gtid !== undefined && event.type !== EventType.ANONYMOUS_GTID_LOG_EVENT)
        gtids.push({ gtid: gtidText(gtid), name });
    }
    reader.close();
  }
  return gtids;
}

/** The GTIDs of an archive's transactions, in the order of its index. */
export function archivedGtids(archive: string): string[] {
  const index = readFileSync(join(archive, 'archive.index'), 'utf8').trim().split('\n');
  return gtidsOfLogs(archive, index).map(({ gtid }) => gtid);
}

/** Somebody between a copy and its source, who can do it harm. */
export interface Between {
  readonly port: number;
  /** Whom new connections reach. */
  target: number;
  /** Cuts every connection. */
  cut(): void;
  /** What becomes of bytes on their way to the copy; undefined: they stay as they are. */
  change: ((chunk: Buffer, connection: number) => Buffer | undefined) | undefined;
  close(): Promise<void>;
}

export async function standBetween(target: number): Promise<Between> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    const number = connections;
    const source = dial(between.target, '127.0.0.1');
    for (const [one, other] of [
      [client, source],
      [source, client],
    ] as const) {
      sockets.add(one);
      one
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(one);
          other.destroy();
        });
    }
    client.on('data', (chunk) => source.write(chunk));
    source.on('data', (chunk: Buffer) => {
      const changed = between.change?.(chunk, number) ?? chunk;
      if (changed.length > 0 && !client.write(changed)) {
        source.pause();
        client.once('drain', () => source.resume());
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const between: Between = {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    target,
    change: undefined,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        between.cut();
        server.close(() => resolve());
      }),
  };
  return between;
}

/** Statements that fill a source's log: rows small and large, whole transactions of many, and new logs in between. */
export function load(transactions: number, seed = 1): string {
  const lines = [
    'CREATE DATABASE IF NOT EXISTS d',
    'CREATE TABLE IF NOT EXISTS d.t (a INT AUTO_INCREMENT PRIMARY KEY, b LONGTEXT)',
  ];
  for (let number = 1; number <= transactions; number += 1) {
    const size = ((number * seed * 7919) % 97) ** 2 * 3;
    lines.push(`INSERT INTO d.t (b) VALUES (REPEAT('x', ${size})), (REPEAT('y', ${size % 100}))`);
    if (number % 10 === 0) {
      lines.push(
        `BEGIN; INSERT INTO d.t (b) VALUES ('1'); UPDATE d.t SET b = 'u' WHERE a % 50 = ${number % 50}; COMMIT`,
      );
    }
    if (number % 40 === 0) lines.push('FLUSH BINARY LOGS');
  }
  return `${lines.join(';\n')};\n`;
}
