import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runBinlog } from '../src/cli/binlog/index.ts';
import { openLog } from '../src/index.ts';
import { bufferSource } from '../src/store/index.ts';

const root = join(import.meta.dirname, '..');
const corpus = join(root, 'test/corpus');

async function lines(mode: 'rows' | 'events', log: string, ...options: string[]): Promise<unknown[]> {
  let text = '';
  const exit = await runBinlog({
    argv: ['--no-defaults', `--json=${mode}`, ...options, log],
    program: 'rowlock',
    cwd: root,
    env: {},
    stdin: () => bufferSource(Buffer.alloc(0), '-'),
    stdout: { isTerminal: false, write: (bytes) => void (text += Buffer.from(bytes).toString('utf8')) },
    stderr: { isTerminal: false, write: () => undefined },
  });
  expect(exit).toBe(0);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}

interface Change {
  readonly table: string;
  readonly operation: string;
  readonly before?: Record<string, unknown>;
  readonly after?: Record<string, unknown>;
}

/** The parts of JSON Schema that docs/row-change.schema.json uses at its top. */
const schema = JSON.parse(readFileSync(join(root, 'docs/row-change.schema.json'), 'utf8')) as {
  required: string[];
  properties: Record<string, { type?: string; enum?: string[] }>;
};

function holds(change: object): void {
  for (const name of schema.required) expect(change).toHaveProperty(name);
  for (const [name, value] of Object.entries(change)) {
    const property = schema.properties[name];
    expect(property, name).toBeDefined();
    if (property?.type === 'integer') expect(Number.isSafeInteger(value), name).toBe(true);
    if (property?.type === 'string') expect(typeof value).toBe('string');
    if (property?.enum !== undefined) expect(property.enum).toContain(value);
  }
}

const whole =
  /^(?!damaged|encrypted|early|in-use|crashed|types-time-old|heartbeat|view-change|incident|rows-v1).*\.binlog$/;

describe.each(['mysql97', 'mysql56', 'mariadb1011', 'mariadb118'])('logs of %s', (server) => {
  test('every row change has the documented shape, every event is a line', async () => {
    let changes = 0;
    for (const name of readdirSync(join(corpus, server)).filter((file) => whole.test(file))) {
      const log = join(corpus, server, name);
      for (const change of (await lines('rows', log)) as Change[]) {
        holds(change);
        expect('before' in change, name).toBe(change.operation !== 'insert');
        expect('after' in change, name).toBe(change.operation !== 'delete');
        changes += 1;
      }
      expect((await lines('events', log)).length, name).toBeGreaterThan(0);
    }
    expect(changes).toBeGreaterThan(0);
  });
});

test('values are exact: decimals and large integers are text, JSON is JSON, bytes are base64', async () => {
  const changes = (await lines('rows', 'examples/shop.binlog')) as Change[];
  const purchase = changes.find(({ table }) => table === 'purchase');
  expect(purchase?.after).toEqual({
    id: 1,
    customer: 1,
    amount: '129.90',
    status: 'new',
    placed: '2026-04-01 09:30:00.125',
    details: {
      items: [
        { n: 2, sku: 'rope-10' },
        { n: 1, sku: 'oar' },
      ],
    },
  });
  const integers = JSON.stringify(await lines('rows', join(corpus, 'mysql97/types-int.binlog')));
  expect(integers).toContain('"18446744073709551615"');
  expect(integers).toContain('"-9223372036854775808"');
});

test('temporal values in the old format have the digits that rows tell, in their text too', async () => {
  const path = join(corpus, 'mariadb118/types-time-old.binlog');
  const changes = (await lines('rows', path)) as Change[];
  const log = await openLog(path);
  const texts = (row: object | undefined): unknown[] =>
    Object.values(row ?? {}).filter((value) => typeof value === 'string');
  const expected = [...log.changes()].map(({ before, after }) => [texts(before), texts(after)]);
  await log.close();
  expect(changes.map(({ before, after }) => [texts(before), texts(after)])).toEqual(expected);
  expect(expected.flat(2).filter((text) => /:\d\d\.\d{6}$/.test(String(text))).length).toBeGreaterThan(0);
});

test('rows of other databases are left out', async () => {
  expect(await lines('rows', 'examples/shop.binlog', '--database=elsewhere')).toEqual([]);
});

test('a row that is cut off is an error, and leaves whole lines only', async () => {
  const log = Buffer.from(readFileSync(join(corpus, 'mysql97/checksum-none.binlog')));
  let text = '';
  let complaints = '';
  let cut = 0;
  for (let at = 20; at < log.length; at += 1) {
    // A length inside a row that points behind its event.
    const damaged = Buffer.from(log);
    damaged[at] = 0xfa;
    text = '';
    complaints = '';
    const exit = await runBinlog({
      argv: ['--no-defaults', '--json=rows', '-'],
      program: 'rowlock',
      cwd: root,
      env: {},
      stdin: () => bufferSource(damaged, '-'),
      stdout: { isTerminal: false, write: (bytes) => void (text += Buffer.from(bytes).toString('utf8')) },
      stderr: {
        isTerminal: false,
        write: (bytes) => void (complaints += Buffer.from(bytes).toString('utf8')),
      },
    });
    if (exit !== 0 && complaints.includes('ROWS_EVENT')) cut += 1;
    expect(text === '' || text.endsWith('}\n'), `byte ${at}`).toBe(true);
  }
  expect(cut).toBeGreaterThan(0);
});
