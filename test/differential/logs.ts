import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningServer, startServer } from '../servers/index.ts';
import { createTable, DEFINITION_STATEMENTS } from './definition-statements.ts';
import { type Flavour, isMaria, isMysql97 } from './flavour.ts';
import { Random } from './random.ts';
import { ROW_STATEMENTS } from './row-statements.ts';
import { randomStatements, type Script } from './script.ts';
import { loggingSettings, SESSION_STATEMENTS } from './session-statements.ts';

/** The logs one script left, oldest first, and what options need to know of them. */
export interface LogSet {
  readonly flavour: Flavour;
  readonly seed: string;
  /** Holds the logs, `script.sql`, and the files LOAD DATA read. */
  readonly folder: string;
  readonly logs: readonly string[];
  readonly databases: readonly string[];
}

const DELIMITER = '$$$';
const ALL = [...ROW_STATEMENTS, ...DEFINITION_STATEMENTS, ...SESSION_STATEMENTS];
const DATABASE_NAMES = ['`d`', '`d`', '`d`', '`my db`', '`dä`', '`x``y`', '`d.e`'];

/** Durability costs most of the time and leaves the logs as they are. */
const FAST = [
  // What waits for a lock waits for nothing: one session runs at a time.
  '--lock-wait-timeout=1',
  '--innodb-lock-wait-timeout=1',
  '--sync-binlog=0',
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-doublewrite=0',
  '--max-connections=20',
];

/** What only a start can set: one choice for all logs of a run. */
function startSettings(flavour: Flavour, random: Random): string[] {
  const split = random.pick([256, 1024, 8192, 8192, 1_000_000]);
  const settings = [
    ...(flavour === 'mariadb1011' ? [] : [`--binlog-row-event-max-size=${split}`]),
    ...(isMaria(flavour) ? [] : ['--log-bin-trust-function-creators=1']),
  ];
  if (flavour !== 'mysql56') return settings;
  const byGtid = random.chance(0.5)
    ? ['--gtid-mode=ON', '--enforce-gtid-consistency', '--log-slave-updates']
    : [];
  return [...settings, ...byGtid, ...(random.chance(0.25) ? ['--log-bin-use-v1-row-events=1'] : [])];
}

/** A server whose logs are taken one script after another. */
export function startSource(flavour: Flavour, seed: string): Promise<RunningServer> {
  const args = [...FAST, ...startSettings(flavour, new Random(`${seed}/${flavour}/start`))];
  return startServer(flavour, `differential-${process.pid}`, { args, env: { TZ: 'UTC' } });
}

/** The ways from any gtid_mode to another lead over its neighbours; a step that is behind already is refused. */
const GTID_STEPS = {
  OFF: ['ON_PERMISSIVE', 'OFF_PERMISSIVE', 'OFF'],
  ON: ['OFF_PERMISSIVE', 'ON_PERMISSIVE', 'ON'],
} as const;

function gtidSettings(random: Random): string[] {
  const mode = random.chance(0.25) ? 'OFF' : 'ON';
  const steps = GTID_STEPS[mode].map((step) => `SET GLOBAL gtid_mode = ${step}`);
  return mode === 'ON'
    ? ['SET GLOBAL enforce_gtid_consistency = ON', ...steps]
    : [...steps, 'SET GLOBAL enforce_gtid_consistency = OFF'];
}

/** Settings of the whole server for one script. */
function globals(random: Random, flavour: Flavour): string[] {
  const settings = [`SET GLOBAL binlog_checksum = ${random.chance(0.15) ? 'NONE' : 'CRC32'}`];
  if (flavour !== 'mysql56')
    settings.push(
      `SET GLOBAL binlog_row_metadata = ${random.pick(['MINIMAL', 'FULL', isMaria(flavour) ? 'NO_LOG' : 'FULL'])}`,
    );
  if (isMaria(flavour)) {
    settings.push(
      `SET GLOBAL log_bin_compress = ${random.pick(['OFF', 'OFF', 'ON'])}`,
      'SET GLOBAL log_bin_compress_min_len = 20',
      `SET GLOBAL mysql56_temporal_format = ${random.chance(0.12) ? 'OFF' : 'ON'}`,
    );
  }
  if (isMysql97(flavour)) settings.push(...gtidSettings(random));
  return settings;
}

function randomScript(script: Script): string[] {
  const { random, databases } = script;
  return [
    ...databases.map((name) => `CREATE DATABASE ${name}${random.pick(['', '', ' CHARACTER SET latin1'])}`),
    `USE ${databases[0]}`,
    ...loggingSettings(random, script.flavour),
    ...createTable(script),
    ...createTable(script),
    ...randomStatements(script, ALL, random.int(20, 60)),
    'ROLLBACK',
  ];
}

function logNames(dataFolder: string): string[] {
  return readdirSync(dataFolder)
    .filter((name) => /^mysql-bin\.\d+$/.test(name))
    .sort();
}

/** Prepared transactions outlive their session, and so do their locks. */
async function rollBackPrepared(server: RunningServer, flavour: Flavour): Promise<void> {
  if (flavour === 'mysql56') return;
  const rows = await server.query(`XA RECOVER ${isMaria(flavour) ? "FORMAT='SQL'" : 'CONVERT XID'}`);
  for (const row of rows.trim().split('\n').slice(1)) {
    const [format, length, , data = ''] = row.split('\t');
    const [gtrid, bqual] = [data.slice(2, 2 + 2 * Number(length)), data.slice(2 + 2 * Number(length))];
    const id = isMaria(flavour) ? data : `X'${gtrid}',X'${bqual}',${format}`;
    await server.query(`XA ROLLBACK ${id}`);
  }
}

/** Have the server write the logs of one random script and copy them out; the newest now and then while in use. */
export async function makeLogs(
  server: RunningServer,
  flavour: Flavour,
  seed: string,
  folder: string,
): Promise<LogSet> {
  const random = new Random(seed);
  mkdirSync(folder, { recursive: true });
  let serial = 0;
  const databases = [...new Set(random.times(1, 2, () => random.pick(DATABASE_NAMES)))];
  const script: Script = { random, flavour, databases, tables: [], files: new Map(), next: () => ++serial };
  const settings = globals(random, flavour);
  const statements = randomScript(script);
  const sql = `DELIMITER ${DELIMITER}\n${statements.map((statement) => `${statement}${DELIMITER}\n`).join('')}`;
  for (const [name, content] of script.files) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, 'script.sql'), `-- ${settings.join('; ')}\n${sql.replaceAll('\0', '\\0')}`);
  await server.query([...settings, 'FLUSH BINARY LOGS'].join(';\n'), { force: true });
  const before = new Set(logNames(server.dataFolder).slice(0, -1));
  await server.query(sql, { force: true, args: ['--local-infile=1', '--binary-mode'], cwd: folder });
  const inUse = random.chance(0.1);
  if (!inUse) await server.query('FLUSH BINARY LOGS');
  const after = logNames(server.dataFolder);
  const own = after.filter((name) => !before.has(name)).slice(0, inUse ? after.length : -1);
  for (const name of own) copyFileSync(join(server.dataFolder, name), join(folder, name));
  await rollBackPrepared(server, flavour);
  const drops = [...databases, 'other_db'].map((name) => `DROP DATABASE IF EXISTS ${name};\n`);
  await server.query(`${drops.join('')}FLUSH BINARY LOGS;\n`, { force: true });
  await server.query(`PURGE BINARY LOGS TO '${logNames(server.dataFolder).at(-1)}'`, { force: true });
  return { flavour, seed, folder, logs: own, databases };
}

/** The bytes of a log of a set. */
export function logBytes({ folder }: LogSet, name: string): Buffer {
  return readFileSync(join(folder, name));
}
