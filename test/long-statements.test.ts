import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeBody, type Flavor, LogState, RawEvent, type Rows, RowsFlag } from '../src/binlog/index.ts';
import { parseBinlogCommandLine } from '../src/cli/binlog/options/index.ts';
import { printOptions } from '../src/cli/binlog/print-options.ts';
import { printers } from '../src/cli/binlog/printers.ts';
import { TemporaryFile } from '../src/cli/binlog/spill-file.ts';
import { RowTeam, type StartHelper } from '../src/cli/binlog/team/row-team.ts';
import { BLOCK_BYTES } from '../src/cli/binlog/team/team-memory.ts';
import { bufferSource, LogReader } from '../src/store/index.ts';
import { utc } from '../src/text/index.ts';
import { corpusLogs } from './corpus-logs.ts';

/** More than is kept in memory. */
const STATEMENT_BYTES = 20 << 20;
const TABLE_ID_BYTES = 6;

let folder: string;
let worker: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowlock-statements-'));
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

/** Rows repeated, so that the event is about so long. */
function longer(event: RawEvent, rows: Rows, size: number, endsStatement: boolean): Buffer {
  const imagesAt = rows.images.byteOffset - event.bytes.byteOffset;
  const made = Buffer.concat([
    event.bytes.subarray(event.start, imagesAt),
    ...Array.from({ length: Math.max(1, Math.floor(size / rows.images.length)) }, () => rows.images),
    event.bytes.subarray(imagesAt + rows.images.length, event.end),
  ]);
  made.writeUInt32LE(made.length, 9);
  const flagsAt = event.bodyStart - event.start + TABLE_ID_BYTES;
  const flags = made.readUInt16LE(flagsAt) & ~RowsFlag.STMT_END;
  made.writeUInt16LE(endsStatement ? flags | RowsFlag.STMT_END : flags, flagsAt);
  return made;
}

/** A log of statements that are longer than memory for them, of short events, long ones, and some that no batch takes. */
function longStatements(flavor: Flavor): Buffer {
  const log = corpusLogs.find(({ name }) => name.startsWith(flavor) && /\/types/.test(name))!.read();
  const reader = new LogReader(bufferSource(log));
  const event = new RawEvent();
  const state = new LogState();
  const parts: Buffer[] = [log.subarray(0, 4)];
  reader.open();
  while (reader.next(event)) {
    const body = decodeBody(event, state);
    if (body.kind === 'formatDescription') state.setFormat(body);
    if (body.kind !== 'rows' || body.shape.operation !== 'insert' || body.images.length > 1000) {
      parts.push(Buffer.from(event.view()));
      continue;
    }
    const map = parts.at(-1)!;
    const statement = (bytes: number): void => {
      for (let sum = 0, index = 0; sum < bytes; index += 1) {
        const made = longer(event, body, index % 50 === 7 ? BLOCK_BYTES + 5000 : 1000 + index * 13, false);
        parts.push(made);
        sum += made.length;
      }
      parts.push(longer(event, body, 500, true), map);
    };
    for (const share of [1, 0.2, 0.01]) statement(STATEMENT_BYTES * share);
    parts.push(longer(event, body, 500, true));
    return Buffer.concat(parts);
  }
  throw new Error('no rows');
}

function print(
  flavor: Flavor,
  log: Buffer,
  rowsBefore: number,
  start: StartHelper,
  sinkFails = Number.POSITIVE_INFINITY,
): Buffer {
  const request = parseBinlogCommandLine({
    dialect: flavor,
    program: 'rowlock',
    argv: ['--no-defaults', '-v', 'log'],
    env: {},
    home: '/nonexistent',
    workingDirectory: '/',
    warn: () => undefined,
    checkGtidSet: () => undefined,
  });
  if (request.action !== 'run') throw new Error(request.action);
  const options = printOptions(request.options, flavor, utc);
  const text: Buffer[] = [];
  let length = 0;
  const sink = {
    isTerminal: false,
    write(bytes: Uint8Array) {
      length += bytes.length;
      if (length > sinkFails) throw new Error('nobody reads');
      text.push(Buffer.from(bytes));
    },
  };
  const spill = new TemporaryFile(folder);
  const team = new RowTeam(sink, options, start, { rowBytes: rowsBefore, leastEvent: 0 });
  try {
    const printer = printers[flavor](options, team.out, {
      diagnose: (line) => text.push(Buffer.from(line)),
      loadFiles: { create: () => '', append: () => undefined },
      rows: team.outlet(flavor),
      spill,
    });
    printer.begin();
    printer.startFile({ name: 'log', isFirst: true, isLast: true });
    const reader = new LogReader(bufferSource(log));
    const event = new RawEvent();
    reader.open();
    while (reader.next(event) && printer.event(event) === 'continue');
    printer.endFile(false);
    printer.end(false);
    team.finish();
  } finally {
    team.close();
    spill.close();
  }
  return Buffer.concat(text);
}

const nobody: StartHelper = () => undefined;
const secondThread: StartHelper = (memory, { verbose, compat }) => {
  new Worker(worker, { workerData: { memory, options: { verbose, compat } } }).unref();
};

describe.each(['mysql', 'mariadb'] as const)('long statements of %s, in base64 and as rows,', (flavor) => {
  const log = longStatements(flavor);
  const alone = print(flavor, log, Number.POSITIVE_INFINITY, nobody);

  test.each([
    ['a second thread', secondThread],
    ['no second thread', nobody],
  ])('are the same with %s', (_name, helper) => {
    expect(alone.length).toBeGreaterThan(2 * STATEMENT_BYTES);
    expect(print(flavor, log, 1, helper).equals(alone)).toBe(true);
  });

  test('what writing text throws comes out', () => {
    const write = (helper: StartHelper) => () => print(flavor, log, 1, helper, alone.length / 2);
    expect(write(nobody)).toThrow('nobody reads');
    expect(write(secondThread)).toThrow('nobody reads');
  });
});
