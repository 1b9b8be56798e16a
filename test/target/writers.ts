import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomColumn } from '../differential/columns.ts';
import { createTable } from '../differential/definition-statements.ts';
import { type Flavour, isMaria, isModern } from '../differential/flavour.ts';
import { Random } from '../differential/random.ts';
import { ROW_STATEMENTS } from '../differential/row-statements.ts';
import { randomTable, type Table } from '../differential/schema.ts';
import { randomStatements, type Script, type StatementKind, someTable } from '../differential/script.ts';
import { SESSION_STATEMENTS } from '../differential/session-statements.ts';
import type { RunningServer } from '../servers/index.ts';
import { logSettings } from './log-settings.ts';

export const WRITERS = 8;

const DELIMITER = '$$$';
const script = (statements: readonly string[]): string =>
  `DELIMITER ${DELIMITER}\n${statements.map((statement) => `${statement}${DELIMITER}\n`).join('')}`;

/** Changes of tables that other sessions write to at the same time; what only the source can work out is left out. */
function alter(work: Script): string[] {
  const { random, flavour } = work;
  const table = someTable(work);
  const name = `\`n${work.next()}\``;
  return [
    `ALTER TABLE ${table.name} ${random.pick([
      `ADD COLUMN ${name} ${randomColumn(random, flavour, name).type}`,
      `ADD COLUMN ${name} INT DEFAULT 7 FIRST`,
      `ADD COLUMN ${name} VARCHAR(20) NOT NULL DEFAULT 'x'`,
      `ADD INDEX ${name} (\`id\`)`,
      'ENGINE=InnoDB',
      "COMMENT='changed'",
    ])}`,
  ];
}

/** A table of the writer's own that comes, is filled, moves, and goes at times. */
function ownTable(work: Script): string[] {
  const { random } = work;
  const made = createTable(work);
  const table = work.tables.pop()!;
  const next = `\`undo\`.\`own${work.next()}\``;
  const moves = random.chance(0.4);
  if (random.chance(0.5)) work.tables.push(moves ? { ...table, name: next } : table);
  const isKept = work.tables.at(-1)?.name === (moves ? next : table.name);
  return [
    ...made,
    ...(moves ? [`RENAME TABLE ${table.name} TO ${next}`] : []),
    ...(isKept ? [] : [`DROP TABLE IF EXISTS ${moves ? next : table.name}`]),
  ];
}

const DEFINITIONS: readonly StatementKind[] = [
  { name: 'alter table', weight: 2, table: true, make: alter },
  { name: 'own table', weight: 2, make: ownTable },
  { name: 'truncate', weight: 0.5, table: true, make: (work) => [`TRUNCATE ${someTable(work).name}`] },
  {
    name: 'create like',
    weight: 0.5,
    table: true,
    make: (work) => [`CREATE TABLE \`undo\`.\`like${work.next()}\` LIKE ${someTable(work).name}`],
  },
];

const KINDS: readonly StatementKind[] = [
  ...ROW_STATEMENTS,
  ...SESSION_STATEMENTS.filter(({ name }) => ['transaction', 'two phases', 'rotation'].includes(name)),
  ...DEFINITIONS,
];

/**
 * Has eight sessions at a time write to the same tables, and change them: every type of column, transactions of all kinds, definitions in
 * between. Ends when nothing is prepared or locked any more.
 */
export async function writersWorkload(
  server: RunningServer,
  flavour: Flavour,
  seed: string,
  folder: string,
  statements = 40,
): Promise<void> {
  const random = new Random(seed);
  mkdirSync(folder, { recursive: true });
  const shared: Table[] = [];
  const creates = Array.from({ length: random.int(2, 4) }, (_, index) => {
    const { table, sql } = randomTable(random, flavour, `\`undo\`.\`t${index}\``);
    shared.push(table);
    return sql;
  });
  const options = { force: true, args: ['--local-infile=1', '--binary-mode'], cwd: folder } as const;
  await server.query(
    script(['DROP DATABASE IF EXISTS `undo`', 'CREATE DATABASE `undo`', 'USE `undo`', ...creates]),
    options,
  );
  const write = async (writer: number): Promise<void> => {
    let serial = writer * 1000;
    const files = new Map<string, Buffer>();
    const work: Script = {
      random: new Random(`${seed} writer ${writer}`),
      flavour,
      databases: ['`undo`'],
      tables: [...shared],
      files,
      next: () => ++serial,
    };
    const logged = logSettings(flavour, `${seed} ${writer}`);
    const lines = [
      'USE `undo`',
      'SET SESSION binlog_format = ROW, SESSION lock_wait_timeout = 2, SESSION innodb_lock_wait_timeout = 1',
      ...logged.settings,
      ...(work.random.chance(0.8) ? ["SET SESSION sql_mode = ''"] : []),
      ...randomStatements(work, KINDS, statements).filter((statement) => logged.allows(statement)),
    ];
    for (const [name, content] of files) writeFileSync(join(folder, name), content);
    writeFileSync(join(folder, `writer${writer}.sql`), script(lines));
    await server.query(script(lines), options);
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  await endPrepared(server, flavour);
}

/** What lost a lock between XA PREPARE and its end would hold its locks for ever; MySQL 5.6 lets go of it with the session. */
async function endPrepared(server: RunningServer, flavour: Flavour): Promise<void> {
  if (!isModern(flavour)) return;
  const listed = await server.query(isMaria(flavour) ? "XA RECOVER FORMAT='SQL'" : 'XA RECOVER CONVERT XID');
  for (const line of listed.split('\n').slice(1, -1)) {
    const [format = '', length = '', , data = ''] = line.split('\t');
    // MariaDB writes the id as SQL; MySQL as hexadecimal digits of both parts in one.
    const at = 2 + Number(length) * 2;
    const id = isMaria(flavour) ? data : `${data.slice(0, at)}, 0x${data.slice(at)}, ${format}`;
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await server.query(`XA ROLLBACK ${id}`, { force: true });
  }
}
