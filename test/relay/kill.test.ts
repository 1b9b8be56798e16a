import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { decodeBody, EventType, LogState, RawEvent, TransactionTracker } from '../../src/binlog/index.ts';
import { fileSource, LogReader } from '../../src/store/index.ts';
import { missingServers, withServer } from '../servers/index.ts';
import { bundle, removeBundles } from '../target/bundle.ts';
import { endOfLog, FILLING } from './filling-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-kill-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  removeBundles();
});

/** How often the relay is killed: ROWLOCK_KILLS=200 is the long form, which goes every way. */
const KILLS = process.env['ROWLOCK_KILLS'];
/** What the source is, how the channel knows where it stands, and how often the short form kills. */
const WAYS = [
  ['mysql97', 'position', 8],
  ['mariadb118', 'slave_pos', 4],
  ['mysql97', 'auto', 0],
  ['mariadb118', 'position', 0],
] as const;
/** So many that the source is still writing when the last kill comes. */
const ROWS_A_ROUND = 500;

interface Run {
  readonly child: ChildProcess;
  readonly lines: string[];
  line(pattern: RegExp): Promise<string>;
}

function start(script: string, args: readonly string[]): Run {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push(line);
    for (const wake of waiting) wake();
  });
  child.on('exit', () => {
    for (const wake of waiting) wake();
  });
  return {
    child,
    lines,
    async line(pattern) {
      let limit = Date.now() + 60_000;
      let last = '';
      for (;;) {
        // What moves on is not given up.
        if (lines.at(-1) !== last) limit = Date.now() + 60_000;
        last = lines.at(-1) ?? '';
        if (Date.now() > limit) throw new Error(`the relay never said ${pattern}: ${lines.at(-1)}`);
        const found = lines.findLast((line) => pattern.test(line));
        if (found !== undefined) return found;
        if (child.exitCode !== null) throw new Error(`the relay ended: ${lines.at(-1)}`);
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
        });
      }
    },
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.on('exit', () => resolve());
  });
}

/** The first column of every inserted row, in the order of the relay's binary log; every transaction must be whole. */
function insertedIds(data: string): number[] {
  const ids: number[] = [];
  const files = readdirSync(data).filter((name) => /^binlog\.\d+$/.test(name));
  for (const name of files.sort()) {
    const reader = new LogReader(fileSource(join(data, name)));
    reader.open();
    const event = new RawEvent();
    const tracker = new TransactionTracker();
    const state = new LogState();
    while (reader.next(event)) {
      tracker.place(event);
      if (event.type === EventType.FORMAT_DESCRIPTION_EVENT) {
        const body = decodeBody(event, state);
        if (body.kind === 'formatDescription') state.setFormat(body);
      }
      // Of a table of one INT: its value stands right before the checksum.
      if (event.type === EventType.WRITE_ROWS_EVENT || event.type === EventType.WRITE_ROWS_EVENT_V1)
        ids.push(event.bytes.readInt32LE(event.bodyEnd - 4));
    }
    expect(tracker.isBetween, name).toBe(true);
    reader.close();
  }
  return ids;
}

test
  .skipIf(missingServers('mysql97', 'mariadb118'))
  .each(WAYS.filter(([, , usually]) => KILLS !== undefined || usually > 0))(
  'killed at any moment under load, nothing is lost and nothing comes twice: %s, by %s',
  async (server, positioning, usually) => {
    const flavor = server === 'mysql97' ? 'mysql' : 'mariadb';
    const rounds = Number(KILLS ?? usually);
    const wanted = ROWS_A_ROUND * rounds;
    const script = await bundle('relay-process', import.meta.dirname);
    const data = join(folder, `${flavor}-${positioning}`);
    await withServer(
      server,
      'killing',
      {
        args: [
          '--server-id=1',
          '--log-bin=mysql-bin',
          ...(positioning === 'auto' ? ['--gtid-mode=ON', '--enforce-gtid-consistency=ON'] : []),
        ],
      },
      async (source) => {
        await source.query(FILLING);
        const [file, at] = await endOfLog(source);
        const args = [data, String(source.port), file, String(at), flavor, positioning];
        const filled = source.query(`CALL d.fill(${wanted})`, { timeoutMs: 60_000 + rounds * 5000 });
        for (let round = 0; round < rounds; round += 1) {
          const run = start(script, args);
          await run.line(/^port/);
          await new Promise((resolve) => {
            setTimeout(resolve, Math.random() * 250);
          });
          run.child.kill('SIGKILL');
          await ended(run.child);
        }
        await filled;
        const [lastFile, lastAt] = await endOfLog(source);
        const run = start(script, args);
        await run.line(new RegExp(`^at ${lastFile} ${lastAt} `));
        run.child.kill('SIGKILL');
        await ended(run.child);
      },
    );
    const ids = insertedIds(data);
    expect(ids.length).toBe(wanted);
    expect(ids.every((id, index) => id === index + 1)).toBe(true);
  },
  180_000 + Number(KILLS ?? 8) * 5000,
);
