import type { Column } from './column-kind.ts';
import { randomColumn, randomValue } from './columns.ts';
import { type Flavour, isMaria, isModern, isMysql97 } from './flavour.ts';
import { quoteName } from './literals.ts';
import type { Random } from './random.ts';

/** A table that some statement of the script creates. */
export interface Table {
  /** Qualified and quoted. */
  readonly name: string;
  readonly columns: readonly Column[];
  /** Name of the key column, quoted, or undefined. */
  readonly key?: string;
}

const NAMES = [
  'c',
  'name',
  'Value',
  'select',
  'a b',
  'ä',
  'x`y',
  '日本',
  "q'",
  'very_long_column_name_to_make_it_long',
  '1st',
  '$d',
];

/** An identifier no other one of this kind has: an index is part of it. */
export function randomName(random: Random, index: number): string {
  return quoteName(`${random.chance(0.6) ? 'c' : random.pick(NAMES)}${index}`);
}

function generatedColumn(random: Random, index: number, key: string): Column {
  const kind = random.pick(['VIRTUAL', 'STORED']);
  return {
    name: quoteName(`g${index}`),
    type: `BIGINT AS (${key} * 2 + ${index}) ${kind}`,
    value: () => 'DEFAULT',
    writable: false,
  };
}

function attributes(random: Random, flavour: Flavour): string {
  const choices = ['', '', '', " COMMENT 'a ''comment'''"];
  if (isModern(flavour)) choices.push(' INVISIBLE');
  return random.pick(choices);
}

const PARTITIONS = [
  (key: string) => ` PARTITION BY HASH (${key}) PARTITIONS 3`,
  (key: string) =>
    ` PARTITION BY RANGE (${key}) (PARTITION p0 VALUES LESS THAN (5), PARTITION p1 VALUES LESS THAN MAXVALUE)`,
  (key: string) => ` PARTITION BY KEY (${key}) PARTITIONS 2`,
  (key: string) =>
    ` PARTITION BY RANGE (${key}) SUBPARTITION BY HASH (${key}) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN MAXVALUE)`,
] as const;

function tableOptions(random: Random, flavour: Flavour, key: string | undefined): string {
  const engine = random.pick([
    '',
    ' ENGINE=InnoDB',
    ' ENGINE=MyISAM',
    ' ENGINE=InnoDB',
    isMaria(flavour) ? ' ENGINE=Aria' : '',
  ]);
  const charset = random.chance(0.3)
    ? ` DEFAULT CHARSET=${random.pick(['latin1', 'utf8mb4', 'ucs2', 'gbk'])}`
    : '';
  const comment = random.chance(0.1) ? " COMMENT='täble'" : '';
  const versioned = isMaria(flavour) && random.chance(0.1) ? ' WITH SYSTEM VERSIONING' : '';
  const partition = key !== undefined && random.chance(0.15) ? random.pick(PARTITIONS)(key) : '';
  // MyISAM tables cannot be partitioned by MySQL 8 and later.
  return `${partition !== '' && isMysql97(flavour) ? ' ENGINE=InnoDB' : engine}${charset}${comment}${versioned}${partition}`;
}

/** A table and the statement that creates it. */
export function randomTable(
  random: Random,
  flavour: Flavour,
  name: string,
  temporary = false,
): { table: Table; sql: string } {
  const count = random.chance(0.15) ? random.int(9, 24) : random.int(1, 7);
  const shape = random.pick(['primary', 'primary', 'primary', 'unique', 'none', 'composite'] as const);
  const id: Column = {
    name: '`id`',
    type: random.pick(['INT', 'BIGINT UNSIGNED', 'SMALLINT']),
    value: (r) => String(r.int(1, 30)),
    writable: true,
  };
  const columns: Column[] = Array.from({ length: count }, (_, index) =>
    randomColumn(random, flavour, randomName(random, index)),
  );
  if (shape !== 'none') columns.splice(random.chance(0.8) ? 0 : random.int(0, columns.length), 0, id);
  if (shape !== 'none' && isModern(flavour) && random.chance(0.15))
    columns.push(generatedColumn(random, count, id.name));
  const keys = {
    primary: ['PRIMARY KEY (`id`)'],
    unique: ['UNIQUE KEY (`id`)'],
    none: [],
    composite: [
      `PRIMARY KEY (\`id\`${columns.length > 1 && columns[1]?.type.startsWith('INT') ? `, ${columns[1].name}` : ''})`,
    ],
  }[shape];
  const lines = columns.map((column) => {
    const increment =
      column === id && shape === 'primary' && random.chance(0.6) ? ' NOT NULL AUTO_INCREMENT' : '';
    const notNull =
      column !== id && column.writable && random.chance(0.1) && !column.type.endsWith('NULL')
        ? ' NOT NULL'
        : '';
    return `${column.name} ${column.type}${increment}${notNull}${column === id ? '' : attributes(random, flavour)}`;
  });
  const key = shape === 'none' ? undefined : id.name;
  const create = `CREATE ${temporary ? 'TEMPORARY ' : ''}TABLE ${name} (${[...lines, ...keys].join(', ')})`;
  return {
    table: { name, columns, ...(key !== undefined && { key }) },
    sql: create + tableOptions(random, flavour, temporary ? undefined : key),
  };
}

/** `(c1, c2) VALUES (…), (…)` for some of the table's columns. */
export function randomRows(random: Random, table: Table): string {
  const writable = table.columns.filter((column) => column.writable);
  const some = random.chance(0.7) ? writable : writable.filter(() => random.chance(0.6));
  if (some.length === 0) return '() VALUES ()';
  const row = (): string => `(${some.map((column) => randomValue(random, column)).join(', ')})`;
  const count = random.chance(0.08) ? random.int(20, 120) : random.int(1, 5);
  return `(${some.map(({ name }) => name).join(', ')}) VALUES ${Array.from({ length: count }, row).join(', ')}`;
}

/** `c1 = …, c2 = …` for an update. */
export function randomAssignments(random: Random, table: Table, prefix = ''): string {
  const writable = table.columns.filter((column) => column.writable);
  const some = random.times(1, 3, () => random.pick(writable.length > 0 ? writable : table.columns));
  return [...new Set(some)]
    .map((column) => `${prefix}${column.name} = ${randomValue(random, column)}`)
    .join(', ');
}

/** A condition on the key, or on nothing. */
export function randomWhere(random: Random, table: Table, prefix = ''): string {
  if (random.chance(0.15)) return '';
  if (table.key === undefined)
    return ` WHERE ${prefix}${random.pick(table.columns).name} IS ${random.pick(['', 'NOT '])}NULL`;
  return random.pick([
    ` WHERE ${prefix}${table.key} = ${random.int(1, 10)}`,
    ` WHERE ${prefix}${table.key} < ${random.int(1, 30)}`,
    ` WHERE ${prefix}${table.key} % 2 = 0`,
  ]);
}
