import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeBody, EventType, type Flavor, LogState, RawEvent } from '../src/binlog/index.ts';
import { parseBinlogCommandLine } from '../src/cli/binlog/options/index.ts';
import { printOptions } from '../src/cli/binlog/print-options.ts';
import { printers } from '../src/cli/binlog/printers.ts';
import { RowTeam, type StartHelper } from '../src/cli/binlog/team/row-team.ts';
import { ItemKind, SLOTS, SlotState, Team } from '../src/cli/binlog/team/team-memory.ts';
import { bufferSource, LogReader } from '../src/store/index.ts';
import { createJsonPrinter, type PrintVerdict, utc } from '../src/text/index.ts';
import { corpusLogs } from './corpus-logs.ts';

/** More than a batch takes. */
const LONG_EVENT = 200_000;
/** How often all logs are printed: text is long and its batches few, JSON lines go round all slots. */
const ROUNDS = { text: 10, json: 60 } as const;
const NEVER = Number.POSITIVE_INFINITY;

let folder: string;
let worker: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowlock-team-'));
  worker = join(folder, 'row-worker.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, '../src/cli/binlog/team/row-worker.ts')],
    outfile: worker,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

function optionsOf(words: readonly string[], flavor: Flavor) {
  const request = parseBinlogCommandLine({
    dialect: flavor,
    program: 'rowlock',
    argv: ['--no-defaults', ...words, 'log'],
    env: {},
    home: '/nonexistent',
    workingDirectory: '/',
    warn: () => undefined,
    checkGtidSet: () => undefined,
  });
  if (request.action !== 'run') throw new Error(request.action);
  return printOptions(request.options, flavor, utc);
}

const logsOf = (flavor: Flavor, names: RegExp): readonly Buffer[] =>
  corpusLogs.filter(({ name }) => name.startsWith(flavor) && names.test(name)).map((log) => log.read());
const logs = { mysql: logsOf('mysql', /\/types/), mariadb: logsOf('mariadb', /\/types/) } as const;
/** JSON lines refuse old temporal types, whose size MariaDB's logs do not tell. */
const jsonLogs = {
  mysql: logsOf('mysql', /\/types(?!-time-old)/),
  mariadb: logsOf('mariadb', /\/types(?!-time-old)/),
} as const;

/** The log with one rows event, in its middle, that ends inside a row. */
function damaged(log: Buffer): Buffer {
  const reader = new LogReader(bufferSource(log));
  const event = new RawEvent();
  const ends: number[] = [];
  reader.open();
  while (reader.next(event)) {
    if (event.type === EventType.WRITE_ROWS_EVENT || event.type === EventType.WRITE_ROWS_EVENT_V1)
      ends.push(event.position + event.length);
  }
  const end = ends[ends.length >> 1]!;
  const lost = 7;
  const shorter = Buffer.concat([log.subarray(0, end - lost), log.subarray(end)]);
  reader.seek(4);
  while (reader.next(event)) {
    if (event.position + event.length !== end) continue;
    shorter.writeUInt32LE(event.length - lost, event.position + 9);
    return shorter;
  }
  throw new Error('no rows');
}

/** The log with every second event of inserted rows so long, by repeating its rows, that no batch takes it. */
function enlarged(log: Buffer): Buffer {
  const reader = new LogReader(bufferSource(log));
  const event = new RawEvent();
  const state = new LogState();
  const parts: Buffer[] = [log.subarray(0, 4)];
  reader.open();
  for (let inserts = 0; reader.next(event); ) {
    const body = decodeBody(event, state);
    if (body.kind === 'formatDescription') state.setFormat(body);
    const isWanted = body.kind === 'rows' && body.shape.operation === 'insert' && !body.shape.compressed;
    if (!isWanted || body.images.length === 0 || ++inserts % 2 === 0) {
      parts.push(Buffer.from(event.view()));
      continue;
    }
    const imagesAt = body.images.byteOffset - event.bytes.byteOffset;
    const times = Math.ceil(LONG_EVENT / body.images.length);
    const long = Buffer.concat([
      event.bytes.subarray(event.start, imagesAt),
      ...Array.from({ length: times }, () => body.images),
      event.bytes.subarray(imagesAt + body.images.length, event.end),
    ]);
    long.writeUInt32LE(long.length, 9);
    parts.push(long);
  }
  return Buffer.concat(parts);
}

/** Tables that are mapped between a map and the last rows of its table: as many others have such rows meanwhile. */
const TABLES_BETWEEN = 250;

/** A log of many tables: one statement again and again, each time of another table, and rows of a table that was mapped some time ago. */
function ofManyTables(log: Buffer): Buffer {
  const reader = new LogReader(bufferSource(log));
  const event = new RawEvent();
  const head: Buffer[] = [log.subarray(0, 4)];
  let map: Buffer | undefined;
  let rows: Buffer | undefined;
  reader.open();
  while (rows === undefined && reader.next(event)) {
    const bytes = Buffer.from(event.view());
    if (event.type === EventType.TABLE_MAP_EVENT) map = bytes;
    else if (map === undefined) head.push(bytes);
    else if (event.type === EventType.WRITE_ROWS_EVENT || event.type === EventType.WRITE_ROWS_EVENT_V1)
      rows = bytes;
  }
  const of = (bytes: Buffer, table: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy.writeUIntLE(1000 + table, 19, 6);
    return copy;
  };
  for (let table = 0; table < 1300; table += 1) {
    head.push(of(map!, table), of(rows!, table));
    if (table >= TABLES_BETWEEN) head.push(of(rows!, table - TABLES_BETWEEN));
  }
  return Buffer.concat(head);
}

const isJson = (words: readonly string[]): boolean => words.includes('--json=rows');

/**
 * The text of all logs, again and again, when a team writes it from that many bytes of rows on; and what the printer says.
 *
 * @param change what is read instead of a log
 */
function print(
  flavor: Flavor,
  words: readonly string[],
  rowsBefore: number,
  helper: Helper,
  change: (log: Buffer, round: number) => Buffer = (log) => log,
  rounds: number = ROUNDS[isJson(words) ? 'json' : 'text'],
): Buffer {
  const text: Buffer[] = [];
  const said: string[] = [];
  const options = optionsOf(words, flavor);
  const sink = {
    isTerminal: false,
    write(bytes: Uint8Array) {
      text.push(Buffer.from(bytes));
      helper.meanwhile?.();
    },
  };
  const team = new RowTeam(sink, options, helper.start, { rowBytes: rowsBefore, leastEvent: 0 });
  const diagnose = (line: string): void => void said.push(line);
  const printer = isJson(words)
    ? createJsonPrinter('rows', options, team.out, { diagnose, rows: team.outlet('json') })
    : printers[flavor](options, team.out, {
        diagnose,
        loadFiles: { create: () => '', append: () => undefined },
        rows: team.outlet(flavor),
      });
  printer.begin();
  let verdict: PrintVerdict = 'continue';
  for (let round = 0; round < rounds && verdict === 'continue'; round += 1) {
    for (const [index, log] of (isJson(words) ? jsonLogs : logs)[flavor].entries()) {
      if (verdict !== 'continue') break;
      printer.startFile({ name: `log.${index}`, isFirst: round + index === 0, isLast: false });
      const reader = new LogReader(bufferSource(change(log, round)));
      const event = new RawEvent();
      reader.open();
      while (verdict === 'continue' && reader.next(event)) {
        const judged = printer.event(event);
        // Text goes on behind what it cannot show: there are rows to come.
        if (isJson(words)) verdict = judged;
      }
      const ending = printer.endFile(verdict === 'fail');
      if (isJson(words) && verdict === 'continue') verdict = ending;
    }
  }
  printer.end(false);
  team.finish();
  team.close();
  return Buffer.concat([...text, Buffer.from(said.join('\n'))]);
}

const nobody: StartHelper = () => undefined;

interface Helper {
  readonly start: StartHelper;
  /** Called whenever text goes out: the only time a helper in this very thread has. */
  readonly meanwhile?: () => void;
}

/** Takes one batch, hands over the beginning of its text, and is gone. */
function dyingHelper(): Helper {
  let team: Team | undefined;
  let began = false;
  return {
    start(memory) {
      team = new Team(memory);
    },
    meanwhile() {
      if (team === undefined || began) return;
      for (let batch = Math.max(0, team.produced - SLOTS); batch < team.produced; batch += 1) {
        const first = team.items(batch)[0]!;
        if ((first & 3) !== ItemKind.TEXT || first >>> 2 < 5 || !team.claim(batch, SlotState.HELPER))
          continue;
        began = true;
        team.block(batch).copy(team.pieces[0]!, 0, 0, 5);
        team.publish(0, batch, 5, false);
        team.fail();
        return;
      }
    },
  };
}

const helpers: Readonly<Record<string, () => Helper>> = {
  'a second thread': () => ({
    start(memory, { verbose, compat }) {
      new Worker(worker, { workerData: { memory, options: { verbose, compat } } }).unref();
    },
  }),
  'no second thread': () => ({ start: nobody }),
  'a second thread that fails in the middle of a batch': dyingHelper,
};

describe.each(['mysql', 'mariadb'] as const)('rows of %s', (flavor) => {
  const texts = new Map<string, Buffer>();
  /** What one thread prints. */
  function printedAlone(words: readonly string[]): Buffer {
    const key = words.join(' ');
    const text = texts.get(key) ?? print(flavor, words, NEVER, { start: nobody });
    texts.set(key, text);
    return text;
  }

  test.each(
    Object.keys(helpers).flatMap(
      (helper) =>
        [
          [helper, ['-v']],
          [helper, ['-vv', '--base64-output=decode-rows']],
          [helper, ['--json=rows']],
        ] as const,
    ),
  )('are the same with %s, with %s', (helper, words) => {
    const alone = printedAlone(words);
    expect(alone.length).toBeGreaterThan(1_000_000);
    expect(print(flavor, words, 20_000, helpers[helper]!()).equals(alone)).toBe(true);
  });

  test.each(Object.keys(helpers))('as JSON lines end at a row that is cut off, with %s', (helper) => {
    const words = ['--json=rows'];
    const damage = (log: Buffer, round: number): Buffer => (round === 25 ? damaged(log) : log);
    const alone = print(flavor, words, NEVER, { start: nobody }, damage).toString('latin1');
    expect(alone).toMatch(/"position":\d+.*\n?ERROR: log\.\d+:\d+ WRITE_ROWS_EVENT/i);
    expect(print(flavor, words, 20_000, helpers[helper]!(), damage).toString('latin1')).toBe(alone);
  });

  test.each(['-v', '--json=rows'])('are the same where there are many tables, with %s', (word) => {
    const [alone, together] = [NEVER, 20_000].map((rowsBefore) => {
      let logsSoFar = 0;
      // One such log is enough.
      const change = (log: Buffer): Buffer => (logsSoFar++ === 0 ? ofManyTables(log) : log);
      return print(flavor, [word], rowsBefore, { start: nobody }, change, 1).toString('latin1');
    });
    expect(/unknown table|no table map/.test(alone!)).toBe(false);
    expect(together === alone).toBe(true);
  });

  test.each(['-v', '--json=rows'])('are the same where events are longer than a batch, with %s', (word) => {
    const [alone, together] = [NEVER, 20_000].map((rowsBefore) =>
      print(flavor, [word], rowsBefore, { start: nobody }, enlarged, 2),
    );
    expect(together!.equals(alone!)).toBe(true);
  });
});
