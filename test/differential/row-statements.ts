import { isMaria } from './flavour.ts';
import { quoteText, randomText } from './literals.ts';
import { randomAssignments, randomRows, randomWhere } from './schema.ts';
import { type Script, type StatementKind, someTable } from './script.ts';

function loadData(script: Script): string[] {
  const { random, files } = script;
  const table = someTable(script);
  const name = `load${script.next()}.txt`;
  const columns = table.columns.filter((column) => column.writable).slice(0, 3);
  const [field, line] = [random.pick(['\t', ',', '||']), random.pick(['\n', ';\n'])];
  const rows = random.times(
    0,
    6,
    () =>
      columns.map(() => random.pick(['1', '7', 'text', "it's", '\\N', 'ä', '2020-01-01', ''])).join(field) +
      line,
  );
  files.set(name, Buffer.from(rows.join('')));
  const clauses = [
    `LOAD DATA LOCAL INFILE '${name}' ${random.pick(['', 'IGNORE ', 'REPLACE '])}INTO TABLE ${table.name}`,
    random.chance(0.3) ? ' CHARACTER SET utf8mb4' : '',
    ` FIELDS TERMINATED BY ${quoteText(field)}`,
    random.chance(0.3) ? ` ${random.pick(['', 'OPTIONALLY '])}ENCLOSED BY '"'` : '',
    ` LINES TERMINATED BY 0x${Buffer.from(line).toString('hex')}`,
    random.chance(0.2) ? ' IGNORE 1 LINES' : '',
    ` (${columns.map((column) => column.name).join(', ')})`,
  ];
  return [clauses.join('')];
}

/** Values only the statement's context knows: they leave events of their own in statement format. */
const CONTEXTUAL = [
  '@a',
  '@b',
  'RAND() * 10',
  'LAST_INSERT_ID()',
  'NOW()',
  'UUID()',
  '@@session.auto_increment_increment',
  'CONNECTION_ID()',
  "CONCAT(@a, 'x')",
  'USER()',
  'CURRENT_TIMESTAMP',
];

/** Statements that change rows. */
export const ROW_STATEMENTS: readonly StatementKind[] = [
  {
    name: 'insert',
    weight: 12,
    table: true,
    make: (s) => {
      const table = someTable(s);
      return [
        `INSERT ${s.random.pick(['', '', 'IGNORE '])}INTO ${table.name} ${randomRows(s.random, table)}`,
      ];
    },
  },
  {
    name: 'upsert',
    weight: 2,
    table: true,
    make: (s) => {
      const table = someTable(s);
      return [
        `INSERT INTO ${table.name} ${randomRows(s.random, table)} ON DUPLICATE KEY UPDATE ${randomAssignments(s.random, table)}`,
      ];
    },
  },
  {
    name: 'replace',
    weight: 2,
    table: true,
    make: (s) => {
      const table = someTable(s);
      return [`REPLACE INTO ${table.name} ${randomRows(s.random, table)}`];
    },
  },
  {
    name: 'insert from context',
    weight: 4,
    table: true,
    make: (s) => {
      const table = someTable(s);
      const columns = table.columns.filter((column) => column.writable);
      const column = s.random.pick(columns.length > 0 ? columns : table.columns);
      return [`INSERT IGNORE INTO ${table.name} (${column.name}) VALUES (${s.random.pick(CONTEXTUAL)})`];
    },
  },
  {
    name: 'insert select',
    weight: 2,
    table: true,
    make: (s) => {
      const table = someTable(s);
      const names = table.columns
        .filter((column) => column.writable && column.name !== table.key)
        .map(({ name }) => name);
      if (names.length === 0) return [];
      return [
        `INSERT IGNORE INTO ${table.name} (${names.join(', ')}) SELECT ${names.join(', ')} FROM ${table.name} LIMIT ${s.random.int(1, 60)}`,
      ];
    },
  },
  {
    name: 'update',
    weight: 8,
    table: true,
    make: (s) => {
      const table = someTable(s);
      return [
        `UPDATE ${s.random.pick(['', '', 'IGNORE '])}${table.name} SET ${randomAssignments(s.random, table)}${randomWhere(s.random, table)}`,
      ];
    },
  },
  {
    name: 'update of json',
    weight: 3,
    table: true,
    make: (s) => {
      const table =
        s.tables.find(({ columns }) => columns.some(({ type }) => type === 'JSON')) ?? someTable(s);
      const column = table.columns.find(({ type }) => type === 'JSON');
      if (column === undefined) return [];
      const change = s.random.pick([
        `JSON_SET(${column.name}, '$.k0', ${s.random.int(0, 9)}, '$.new', 'v')`,
        `JSON_REMOVE(${column.name}, '$.k0')`,
        `JSON_REPLACE(${column.name}, '$[0]', ${quoteText(randomText(s.random, 20))})`,
        `JSON_REMOVE(${column.name}, '$[0]', '$.key1')`,
        `JSON_SET(${column.name}, '$[1]', JSON_ARRAY(1, 'x', NULL))`,
      ]);
      return [`UPDATE ${table.name} SET ${column.name} = ${change}`];
    },
  },
  {
    name: 'update of several tables',
    weight: 2,
    table: true,
    make: (s) => {
      const [one, two] = [someTable(s), someTable(s)];
      return [
        `UPDATE ${one.name} AS x, ${two.name} AS y SET ${randomAssignments(s.random, one, 'x.')}, ${randomAssignments(s.random, two, 'y.')}${randomWhere(s.random, one, 'x.')}`,
      ];
    },
  },
  {
    name: 'delete',
    weight: 4,
    table: true,
    make: (s) => {
      const table = someTable(s);
      return [`DELETE FROM ${table.name}${randomWhere(s.random, table) || ' LIMIT 2'}`];
    },
  },
  {
    name: 'delete from several tables',
    weight: 1,
    table: true,
    make: (s) => {
      const [one, two] = [someTable(s), someTable(s)];
      return [`DELETE x, y FROM ${one.name} AS x, ${two.name} AS y${randomWhere(s.random, one, 'x.')}`];
    },
  },
  {
    name: 'insert of nothing',
    weight: 1,
    table: true,
    make: (s) => [`INSERT IGNORE INTO ${someTable(s).name} () VALUES (), ()`],
  },
  {
    name: 'insert returning',
    weight: 1,
    in: isMaria,
    table: true,
    make: (s) => {
      const table = someTable(s);
      return [`INSERT IGNORE INTO ${table.name} ${randomRows(s.random, table)} RETURNING 1`];
    },
  },
  { name: 'load data', weight: 3, table: true, make: loadData },
];
