import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  decodeBody,
  type EncodableRow,
  EventFramer,
  encodeRows,
  LogState,
  RawEvent,
  RowReader,
  setsUnusedNullBits,
} from '../src/binlog/index.ts';
import { Random } from './differential/random.ts';
import { runInProcess } from './golden/invocation.ts';
import { missingServers, withServer } from './servers/index.ts';

/** Rows of old temporal columns with fractions: the log does not say how many digits they have, the server does. */

const TYPES = ['TIME', 'DATETIME', 'TIMESTAMP'] as const;
const two = (value: number): string => String(value).padStart(2, '0');

interface Made {
  readonly type: string;
  readonly digits: number;
}

function value(random: Random, { type, digits }: Made): string {
  if (random.chance(0.1)) return 'NULL';
  const clock = `${two(random.int(0, 23))}:${two(random.int(0, 59))}:${two(random.int(0, 59))}`;
  const fraction = digits === 0 ? '' : `.${String(random.int(0, 10 ** digits - 1)).padStart(digits, '0')}`;
  const sign = random.chance(0.3) ? '-' : '';
  if (type === 'TIME') return `'${sign}${clock}${fraction}'`;
  return `'${random.int(1992, 2037)}-${two(random.int(1, 12))}-${two(random.int(1, 28))} ${clock}${fraction}'`;
}

/** What a SELECT shows, as the text of rows shows it. */
function selected({ type }: Made, name: string): string {
  if (type === 'TIMESTAMP') return `IFNULL(UNIX_TIMESTAMP(${name}), 'NULL')`;
  return `IFNULL(CONCAT('\\'', ${name}, '\\''), 'NULL')`;
}

/** A table of some old columns between others, its rows, and the query that shows them. */
function table(random: Random, name: string): { statements: string[]; query: string } {
  const columns: Made[] = random.times(1, 5, () => ({ type: random.pick(TYPES), digits: random.int(0, 6) }));
  const definitions = columns.map(
    ({ type, digits }, index) =>
      `c${index} ${type}(${digits}) ${type === 'TIMESTAMP' ? 'NULL ' : ''}, v${index} ${random.pick(['INT', 'VARCHAR(20)'])}`,
  );
  const rows = Array.from({ length: random.int(10, 25) }, (_, row) => {
    const values = columns.map((column) => `${value(random, column)}, ${random.chance(0.2) ? 'NULL' : row}`);
    return `(${row}, ${values.join(', ')})`;
  });
  const shown = columns.map((column, index) => `${selected(column, `c${index}`)}, IFNULL(v${index}, 'NULL')`);
  return {
    statements: [
      `CREATE TABLE ${name} (id INT PRIMARY KEY, ${definitions.join(', ')})`,
      `INSERT INTO ${name} VALUES ${rows.join(', ')}`,
    ],
    query: `SELECT CONCAT_WS('|', id, ${shown.join(', ')}) FROM ${name} ORDER BY id`,
  };
}

/** The values of the rows printed for a table, quotes around strings other than times left out. */
function printed(text: string, name: string): string[] {
  const lines = text.split('\n');
  const rows: string[][] = [];
  let isOurs = false;
  for (const line of lines) {
    if (line.startsWith('### INSERT INTO ')) {
      isOurs = line === `### INSERT INTO \`old\`.\`${name}\``;
      if (isOurs) rows.push([]);
    }
    const shown = /^### {3}@\d+=(.*)$/.exec(line)?.[1];
    if (isOurs && shown !== undefined) rows.at(-1)?.push(/^'\d+'$/.test(shown) ? shown.slice(1, -1) : shown);
  }
  return rows.map((row) => row.join('|'));
}

/** Decodes all rows of a log and encodes them again. Returns how many there are, and how many of their events differ. */
function roundTrip(log: Buffer): { rows: number; differing: number } {
  const framer = new EventFramer();
  framer.adopt(log.subarray(4));
  const state = new LogState();
  const event = new RawEvent();
  const count = { rows: 0, differing: 0 };
  while (framer.next(event)) {
    const body = decodeBody(event, state);
    if (body.kind === 'formatDescription') state.setFormat(body);
    if (body.kind === 'tableMap') state.tables.set(body.tableId, body);
    const map = body.kind === 'rows' ? state.tables.get(body.tableId) : undefined;
    if (body.kind !== 'rows' || map === undefined) continue;
    const reader = new RowReader(body, map);
    const rows: EncodableRow[] = [];
    while (reader.next()) rows.push({ before: reader.before, after: reader.after });
    const options = { unusedNullBits: setsUnusedNullBits(state) };
    const images = encodeRows(map, body.shape, body.present, body.presentAfter, rows, options);
    count.rows += rows.length;
    if (!images.equals(body.images)) count.differing += 1;
  }
  return count;
}

test.skipIf(missingServers('mariadb118'))(
  'old temporal columns print the values that the server has, and encode to its bytes',
  { timeout: 120_000 },
  async () => {
    const args = ['--mysql56-temporal-format=OFF', '--default-time-zone=+00:00', '--binlog-format=ROW'];
    const folder = mkdtempSync(join(tmpdir(), 'rowlock-old-temporal-'));
    try {
      await withServer('mariadb118', 'old-temporal', { args, env: { TZ: 'UTC' } }, async (server) => {
        const random = new Random('old temporal');
        const tables = Array.from({ length: 40 }, (_, index) => table(random, `t${index}`));
        const statements = tables.flatMap((one) => one.statements);
        await server.query(
          `CREATE DATABASE old; USE old; FLUSH BINARY LOGS;\n${statements.join(';\n')};\nFLUSH BINARY LOGS`,
        );
        const logs = (await server.query('SHOW BINARY LOGS')).trim().split('\n').slice(1);
        const log = logs.at(-2)!.split('\t')[0]!;
        writeFileSync(join(folder, log), readFileSync(join(server.dataFolder, log)));
        const run = { tool: 'mariadb-binlog', cwd: folder, timeZone: 'UTC' } as const;
        const { exit, stdout, stderr } = await runInProcess({ ...run, argv: ['-v', log] });
        expect(stderr.toString()).toBe('');
        expect(exit).toBe(0);
        const { rows: decoded, differing } = roundTrip(readFileSync(join(folder, log)));
        expect(decoded).toBeGreaterThan(400);
        expect(differing).toBe(0);
        const text = stdout.toString();
        for (const [index, { query, statements: made }] of tables.entries()) {
          const rows = (await server.query(`USE old; ${query}`)).trim().split('\n').slice(1);
          expect(printed(text, `t${index}`), made[0]).toEqual(rows);
        }
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
