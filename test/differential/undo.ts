import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningServer } from '../servers/index.ts';
import { type Flavour, isMaria, isMysql97 } from './flavour.ts';
import { Random } from './random.ts';
import { ROW_STATEMENTS } from './row-statements.ts';
import { randomTable, type Table } from './schema.ts';
import { randomStatements, type Script } from './script.ts';
import { SESSION_STATEMENTS } from './session-statements.ts';

const DELIMITER = '$$$';
/** Statements that change rows, alone and in transactions; the rest of what sessions do says nothing here. */
const WORKLOAD = [
  ...ROW_STATEMENTS,
  ...SESSION_STATEMENTS.filter(({ name }) =>
    ['transaction', 'two phases', 'comment', 'rotation', 'tagged GTID'].includes(name),
  ),
];

/** What random changes left: logs of them alone, and what the tables held before. */
export interface Workload {
  readonly tables: readonly Table[];
  readonly folder: string;
  readonly logs: readonly string[];
  readonly before: string;
}

/**
 * Without both checks MariaDB fills an empty table in bulk: rows that INSERT IGNORE should have passed over are in its log then, and none
 * is in the table. Its own replicas stop there with 1180.
 */
function uncheckedSettings(random: Random, flavour: Flavour): string {
  if (!isMaria(flavour)) return 'SET SESSION unique_checks = 0, SESSION foreign_key_checks = 0';
  return `SET SESSION ${random.pick(['unique_checks', 'foreign_key_checks'])} = 0`;
}

function script(statements: readonly string[]): string {
  return `DELIMITER ${DELIMITER}\n${statements.map((statement) => `${statement}${DELIMITER}\n`).join('')}`;
}

const logNames = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => /^mysql-bin\.\d+$/.test(name))
    .sort();

/** What tables hold: the server's own checksums, and the rows in an order of their own. */
export async function contents(server: RunningServer, tables: readonly Table[]): Promise<string> {
  const parts: string[] = [];
  for (const { name, columns } of tables) {
    const all = columns.map((column) => `HEX(${column.name})`).join(', ');
    const rows = await server.query(`SELECT ${all} FROM ${name}`);
    parts.push(await server.query(`CHECKSUM TABLE ${name}`), ...rows.split('\n').sort());
  }
  return parts.join('\n');
}

/** Makes tables with rows, notes what they hold, and has random statements change them. */
export async function randomWorkload(
  server: RunningServer,
  flavour: Flavour,
  seed: string,
  folder: string,
  /** Called when the tables have rows, before the changes that are in `logs`. */
  between: () => Promise<void> = () => Promise.resolve(),
  /** Settings of the sessions that change them, behind those that whole rows are logged with, and what is left out. */
  logged: {
    readonly settings: readonly string[];
    readonly allows: (statement: string) => boolean;
  } = { settings: [], allows: () => true },
): Promise<Workload> {
  const random = new Random(seed);
  mkdirSync(folder, { recursive: true });
  let serial = 0;
  const tables: Table[] = [];
  const files = new Map<string, Buffer>();
  const source: Script = { random, flavour, databases: ['`undo`'], tables, files, next: () => ++serial };
  const creates = Array.from({ length: random.int(2, 4) }, (_, index) => {
    const { table, sql } = randomTable(random, flavour, `\`undo\`.\`t${index}\``);
    tables.push(table);
    return sql;
  });
  const options = { force: true, args: ['--local-infile=1', '--binary-mode'], cwd: folder } as const;
  const settings = [
    'SET SESSION binlog_format = ROW, SESSION binlog_row_image = FULL',
    ...(random.chance(0.8) ? ["SET SESSION sql_mode = ''"] : []),
    ...(isMysql97(flavour) && random.chance(0.4) ? ['SET SESSION binlog_transaction_compression = ON'] : []),
    ...(random.chance(0.3) ? ['SET SESSION binlog_rows_query_log_events = ON'] : []),
    ...(random.chance(0.2) ? [uncheckedSettings(random, flavour)] : []),
    ...logged.settings,
  ];
  const statements = [
    ...randomStatements(source, ROW_STATEMENTS, random.int(4, 12)),
    'FLUSH BINARY LOGS',
    ...randomStatements(source, WORKLOAD, random.int(10, 50)),
  ].filter((statement) => logged.allows(statement));
  const start = statements.indexOf('FLUSH BINARY LOGS');
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, 'script.sql'), script([...creates, ...settings, ...statements]));
  await server.query(
    script(['DROP DATABASE IF EXISTS `undo`', 'CREATE DATABASE `undo`', 'USE `undo`', ...creates]),
    options,
  );
  const made = (await server.query('SHOW TABLES FROM `undo`')).trim().split('\n').slice(1);
  const existing = tables.filter((table) => made.some((name) => table.name.endsWith(`\`${name}\``)));
  await server.query(script(['USE `undo`', ...settings, ...statements.slice(0, start)]), options);
  const before = await contents(server, existing);
  await between();
  await server.query('FLUSH BINARY LOGS');
  const earlier = new Set(logNames(server.dataFolder).slice(0, -1));
  await server.query(script(['USE `undo`', ...settings, ...statements.slice(start + 1)]), options);
  await server.query('FLUSH BINARY LOGS');
  const logs = logNames(server.dataFolder)
    .filter((name) => !earlier.has(name))
    .slice(0, -1);
  for (const name of logs) copyFileSync(join(server.dataFolder, name), join(folder, name));
  return { tables: existing, folder, logs, before };
}
