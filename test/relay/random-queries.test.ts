import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../../src/connection/index.ts';
import { ServerError } from '../../src/errors/index.ts';
import { openStreams } from '../../src/relay/open-streams.ts';
import { missingServers, type RunningServer, startServer } from '../servers/index.ts';
import { CollatedQueries } from './collated-queries.ts';
import { EXACT_QUERIES, EXACT_TABLES } from './exact-queries.ts';
import { TYPED_QUERIES, TYPED_TABLES } from './function-calls.ts';
import { MIXED_QUERIES, MIXED_TABLES } from './mixed-queries.ts';
import { MomentQueries } from './moment-queries.ts';
import { chance, RANDOM_TABLES, RandomQuery } from './random-query.ts';
import { startRelay, type TestRelay } from './relay.ts';
import { until } from './relay-streams.ts';
import { SETTING_QUERIES } from './setting-queries.ts';
import { WIDE_QUERIES, WIDE_TABLES } from './wide-queries.ts';
import { ZONED_QUERIES, ZONED_TABLES, ZONES } from './zoned-queries.ts';

/** ROWLOCK_QUERIES=3000 asks that many of each; ROWLOCK_SEED asks the same again; ROWLOCK_QUERY_LOG names a file for what differs. */
const COUNT = Number(process.env['ROWLOCK_QUERIES'] ?? 60);
const SEED = Number(process.env['ROWLOCK_SEED'] ?? 20_261_121);
const ROUNDS = Math.ceil(COUNT / 100);
const LOG = process.env['ROWLOCK_QUERY_LOG'];

/** Types as they matter to who reads them: MYSQL_TYPE_*. */
const CLASSES: Readonly<Record<number, string>> = {
  1: 'integer',
  2: 'integer',
  3: 'integer',
  8: 'integer',
  9: 'integer',
  13: 'integer',
  5: 'double',
  4: 'double',
  246: 'decimal',
  7: 'datetime',
  10: 'date',
  11: 'time',
  12: 'datetime',
};

interface Reply {
  readonly names?: readonly string[];
  readonly types?: readonly string[] | undefined;
  readonly rows?: readonly string[];
  readonly error?: number;
}

/** Doubles to twelve digits, their rows in an order of their own unless they are to stay as they come. */
async function ask(connection: Connection, sql: string, isOrdered = false): Promise<Reply> {
  try {
    const { columns, rows } = await connection.query(sql);
    const types = columns.map(({ type }) => CLASSES[type] ?? 'text');
    const shown = rows.map((row) =>
      JSON.stringify(
        row.map((value, i) => {
          const text = value?.toString() ?? null;
          return text !== null && types[i] === 'double' ? String(Number(Number(text).toPrecision(12))) : text;
        }),
      ),
    );
    return { names: columns.map(({ name }) => name), types, rows: isOrdered ? shown : shown.sort() };
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return { error: error.errno };
  }
}

const withoutTypes = ({ types: _types, ...reply }: Reply): Reply => reply;

/** What chooses among decimals shows each with its own digits in MySQL, and all with the most digits in a relay. */
const CHOICES = /\b(IF|CASE|IFNULL|COALESCE|GREATEST|NULLIF)\b/;
const trimmed = (reply: Reply): string => {
  const rows = reply.rows?.map((row) =>
    row.replaceAll(
      /"(-?\d+)\.(?:(\d*[1-9])0*|0+)"/g,
      (_all, whole: string, rest?: string) => `"${rest === undefined ? whole : `${whole}.${rest}`}"`,
    ),
  );
  // As texts, UNION takes them for different.
  return JSON.stringify({ ...reply, rows: [...new Set(rows)].sort() });
};

/** Decimals with three digits. */
const roughly = ({ rows = [] }: Reply): string[] =>
  rows.map((row) => row.replaceAll(/"-?\d+\.\d{4,}"/g, (text) => Number(JSON.parse(text)).toFixed(3))).sort();

interface Difference {
  readonly sql: string;
  readonly mine: Reply;
  readonly real: Reply;
}

const isSame = (one: Reply, other: Reply): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Why answers may differ, as docs/compatibility.md says, and how to tell that it is for this and nothing else. */
const REASONS: readonly ((
  difference: Difference,
  again: (sql: string) => Promise<Omit<Difference, 'sql'>>,
) => boolean | Promise<boolean>)[] = [
  // What a server refuses for the sake of its numbers, and doubles do not: a sum too large, a division that cuts.
  ({ real }) => real.error === 1690 || real.error === 1365,
  // What it refuses for the sake of its collations, which a relay's texts have not.
  ({ real }) => real.error === 1267 || real.error === 1270,
  ({ sql, mine, real }) => CHOICES.test(sql) && trimmed(mine) === trimmed(real),
  // Whole numbers that MySQL calls decimals, as they may be too large: it counts the digits that a value could have.
  ({ sql, mine, real }) =>
    /\b(FLOOR|CEIL|ROUND)\b/.test(sql) &&
    isSame(
      { ...mine, types: mine.types?.map((type, i) => (type === 'integer' ? real.types?.[i] : type) ?? type) },
      real,
    ) &&
    real.types?.every((type, i) => type === mine.types?.[i] || type === 'decimal') === true,
  // In MariaDB quotients have more or fewer digits by the way they take: through groups, or into texts of a UNION.
  ({ sql, mine, real }) =>
    /\/.*\b(UNION|GROUP BY)\b/.test(sql) &&
    isSame({ ...mine, rows: roughly(mine) }, { ...real, rows: roughly(real) }),
  // MariaDB forgets the sign of a TRUE in groups.
  async ({ sql }, again) => {
    if (!/\(TRUE\).* GROUP BY/.test(sql)) return false;
    const { mine, real } = await again(sql.replaceAll('(TRUE)', '(1)'));
    return isSame(mine, real);
  },
  // MariaDB's decimals have a zero below zero.
  ({ mine, real }) =>
    isSame(mine, JSON.parse(JSON.stringify(real).replaceAll(/-(0(?:\.0+)?\\")/g, '$1')) as Reply),
  // MariaDB tells -0 from 0 where it looks for rows that are alike.
  ({ sql, mine, real }) =>
    /\b(DISTINCT|UNION)\b/.test(sql) &&
    real.types?.includes('double') === true &&
    isSame({ ...mine, rows: [...new Set(mine.rows)] }, { ...real, rows: [...new Set(real.rows)] }),
  // MySQL takes a NULLIF of constants for NULL in WHERE, though it is none in the answer.
  async ({ sql }, again) => {
    if (!/ WHERE .*NULLIF\(.* IS (NOT )?NULL/.test(sql)) return false;
    const { mine, real } = await again(sql.replaceAll('NULLIF(', 'NULLIF(x.id * 0 + '));
    return isSame(mine, real);
  },
  // Columns compare byte by byte: without capitals, answers are the same.
  async ({ sql }, again) => {
    if (!sql.includes('UPPER(')) return false;
    const { mine, real } = await again(sql.replaceAll('UPPER(', 'LOWER('));
    return isSame(mine, real);
  },
];

describe.each([
  [
    'mysql97',
    'mysql',
    ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--server-id=1'],
    '@@gtid_executed',
  ],
  ['mariadb118', 'mariadb', ['--log-bin=bin', '--server-id=1', '--gtid-strict-mode=ON'], '@@gtid_binlog_pos'],
] as const)('%s and a relay that replicates it', (name, flavor, args, position) => {
  const missing = missingServers(name);
  let server: RunningServer;
  let relay: TestRelay;
  let theirs: Connection;
  let ours: Connection;
  const collated = new CollatedQueries(flavor, chance(SEED));
  const moments = new MomentQueries(chance(SEED));

  beforeAll(async () => {
    if (missing !== undefined) return;
    server = await startServer(name, `random-queries-${process.pid}`, {
      args: [...args],
      env: { TZ: 'UTC' },
    });
    theirs = await connect({ socketPath: server.socket, user: 'root' });
    for (const sql of [
      "CREATE USER repl@'%' IDENTIFIED BY 'x'",
      "GRANT REPLICATION SLAVE, SELECT ON *.* TO repl@'%'",
      ...RANDOM_TABLES,
      ...TYPED_TABLES,
      ...MIXED_TABLES,
      ...EXACT_TABLES,
      ...WIDE_TABLES,
      ...ZONED_TABLES,
      ...collated.tables(200),
      ...moments.tables(60),
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await theirs.query(sql);
    }
    relay = await startRelay({
      flavor,
      variables: { rowlock_target: 'SQLITE', server_id: 9 },
      openStreams: (surroundings) => openStreams(surroundings),
      skipReplicaStart: false,
    });
    const ssl = { sslMode: 'DISABLED' as const };
    ours = await connect({ socketPath: relay.socket, user: 'root', passwords: [relay.password], ssl });
    const change =
      flavor === 'mysql'
        ? `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${server.port}, SOURCE_USER='repl', SOURCE_PASSWORD='x', SOURCE_AUTO_POSITION=1`
        : `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${server.port}, MASTER_USER='repl', MASTER_PASSWORD='x', MASTER_USE_GTID=slave_pos, MASTER_SSL=0`;
    await ours.query(change);
    await ours.query(flavor === 'mysql' ? 'START REPLICA' : 'START SLAVE');
    const wanted = (await theirs.value(`SELECT ${position}`)) ?? '';
    await until(
      () => relay.streams.binaryLog.gtidExecuted === wanted,
      () => JSON.stringify(relay.streams.channels.all[0]?.status()),
    );
    await theirs.query("SET sql_mode = ''");
  }, 120_000);

  afterAll(async () => {
    await theirs?.close();
    await ours?.close();
    await relay?.wipe();
    await server?.wipe();
  }, 60_000);

  test.skipIf(missing)('answer functions of columns of every type alike', async () => {
    const [mine, real]: Record<string, Reply>[] = [{}, {}];
    for (const sql of TYPED_QUERIES) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      [mine![sql], real![sql]] = [withoutTypes(await ask(ours, sql)), withoutTypes(await ask(theirs, sql))];
    }
    expect(mine).toEqual(real);
  });

  test.skipIf(missing).each([
    ['compare what is of different types', MIXED_QUERIES],
    ['compute decimals of any length', EXACT_QUERIES],
    ['follow what a session says of queries', SETTING_QUERIES],
    ['compute whole numbers up to the ends of their types', WIDE_QUERIES],
  ])('%s alike', async (_what, queries) => {
    const different: Difference[] = [];
    // MariaDB has no REGEXP_LIKE.
    for (const sql of queries.filter((each) => flavor === 'mysql' || !each.includes('REGEXP_LIKE'))) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const [mine, real] = [
        withoutTypes(await ask(ours, sql, true)),
        withoutTypes(await ask(theirs, sql, true)),
      ];
      if (!isSame(mine, real)) different.push({ sql, mine, real });
    }
    expect(different).toEqual([]);
  });

  test.skipIf(missing)('show moments in the time zone of the session alike', async () => {
    const different: unknown[] = [];
    for (const zone of ZONES)
      for (const sql of [`SET time_zone = '${zone}'`, ...ZONED_QUERIES]) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const [mine, real] = [await ask(ours, sql, true), await ask(theirs, sql, true)].map(withoutTypes);
        if (!isSame(mine!, real!)) different.push({ zone, sql, mine, real });
      }
    for (const session of [ours, theirs]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await session.query("SET time_zone = '+00:00'");
    }
    expect(different).toEqual([]);
  });

  test.skipIf(missing)(
    `answer ${COUNT} queries of seed ${SEED} alike`,
    async () => {
      const random = new RandomQuery(chance(SEED));
      const different: Difference[] = [];
      const both = async (sql: string): Promise<Omit<Difference, 'sql'>> => ({
        mine: await ask(ours, sql),
        real: await ask(theirs, sql),
      });
      const isMeant = async (difference: Difference): Promise<boolean> => {
        // oxlint-disable-next-line no-await-in-loop -- the first that holds
        for (const holds of REASONS) if (await holds(difference, both)) return true;
        return false;
      };
      for (let i = 0; i < COUNT; i += 1) {
        const sql = random.query();
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const difference = { sql, ...(await both(sql)) };
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        if (isSame(difference.mine, difference.real) || (await isMeant(difference))) continue;
        different.push(difference);
        if (LOG !== undefined) appendFileSync(LOG, `${name} ${JSON.stringify(difference)}\n`);
      }
      expect(different).toEqual([]);
    },
    Math.max(60_000, COUNT * 100),
  );

  test.skipIf(missing).each([
    ['texts by their collations', collated],
    ['dates and times, however they are written', moments],
  ])(
    `compare %s, seed ${SEED}`,
    async (_what, source) => {
      const different: Difference[] = [];
      for (let round = 0; round < ROUNDS; round += 1)
        for (const sql of source.queries()) {
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          const [mine, real] = [await ask(ours, sql, true), await ask(theirs, sql, true)];
          if (!isSame(mine, real)) different.push({ sql, mine, real });
        }
      expect(different).toEqual([]);
    },
    Math.max(60_000, ROUNDS * 60_000),
  );
});
