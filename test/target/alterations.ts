import { type Flavour, isMaria, isModern } from '../differential/flavour.ts';
import type { Random } from '../differential/random.ts';

/** A column as a workload remembers it: what to write into it, and what its type may become. */
interface AlterableColumn {
  readonly name: string;
  readonly type: string;
}

interface AlterableTable {
  readonly name: string;
  columns: AlterableColumn[];
}

type Maker = (random: Random) => string;

const text = (random: Random): string =>
  random.pick([
    "'abc'",
    "''",
    "'Grüße'",
    "'Жук 東'",
    "'long enough to be cut'",
    "'12'",
    "' 7 '",
    "'x y'",
    "'a,b'",
    "'-3.75'",
    "'ß'",
    "'1e2'",
  ]);
const number = (random: Random): string =>
  random.pick([
    '0',
    '1',
    '-1',
    '7',
    '127',
    '128',
    '255',
    '256',
    '-129',
    '32767',
    '40000',
    '123456',
    '-2147483648',
  ]);
const decimal = (random: Random): string =>
  random.pick(['0', '1.5', '-2.25', '0.005', '-0.005', '99.995', '12345.67', '-7.4', '1']);
const moment = (random: Random): string =>
  random.pick([
    "'2026-01-02 03:04:05'",
    "'1999-12-31 23:59:59'",
    "'2000-02-29 00:00:00'",
    "'1971-05-06 07:08:09.987654'",
  ]);
const bytes = (random: Random): string =>
  random.pick(["x''", "x'00'", "x'61626300'", "x'414243'", "x'ff00fe'"]);

/** First word of a type → values for it. */
const VALUES: Readonly<Record<string, Maker>> = {
  TINYINT: (r) => r.pick(['0', '1', '-5', '127']),
  SMALLINT: number,
  MEDIUMINT: number,
  INT: number,
  BIGINT: (r) => r.pick([number(r), '9223372036854775807', '18446744073709551615', '4294967296']),
  DECIMAL: decimal,
  FLOAT: decimal,
  DOUBLE: decimal,
  CHAR: text,
  VARCHAR: text,
  TINYTEXT: text,
  TEXT: text,
  MEDIUMTEXT: text,
  LONGTEXT: text,
  BINARY: bytes,
  VARBINARY: bytes,
  BLOB: bytes,
  LONGBLOB: bytes,
  DATE: (r) => r.pick(["'2026-01-02'", "'1999-12-31'", "'2000-02-29'"]),
  DATETIME: moment,
  TIMESTAMP: moment,
  TIME: (r) => r.pick(["'03:04:05'", "'-10:00:00'", "'100:59:59.5'", "'00:00:00'"]),
  YEAR: (r) => r.pick(['1999', '2026', '0']),
  ENUM: (r) => r.pick(["'a'", "'b'", "'c'"]),
  SET: (r) => r.pick(["'x'", "'x,y'", "''", "'y'"]),
  JSON: (r) => r.pick([`'{"a": [1, 2]}'`, `'[]'`, `'null'`, `'"x"'`]),
  BIT: (r) => r.pick(["b'1'", "b'101'", "b'0'"]),
};

/** What a type may become, sensible or not: what the source does not log is refused. */
const TYPES: readonly string[] = [
  'TINYINT',
  'SMALLINT',
  'INT',
  'INT UNSIGNED',
  'BIGINT',
  'BIGINT UNSIGNED',
  'DECIMAL(10,2)',
  'DECIMAL(8,1)',
  'DECIMAL(14,4)',
  'FLOAT',
  'DOUBLE',
  'CHAR(10)',
  'CHAR(40)',
  'VARCHAR(5)',
  'VARCHAR(60)',
  'VARCHAR(60) CHARACTER SET latin1',
  'VARCHAR(40) CHARACTER SET utf16',
  'TEXT',
  'LONGTEXT',
  'TINYTEXT',
  'BINARY(12)',
  'VARBINARY(60)',
  'BLOB',
  'DATE',
  'DATETIME',
  'DATETIME(3)',
  'TIMESTAMP NULL',
  'TIMESTAMP',
  'TIME',
  'TIME(2)',
  'YEAR',
  "ENUM('a','b','c')",
  "ENUM('c','b','a','d')",
  "SET('x','y')",
  "SET('y','z','x')",
  'BIT(8)',
];

/** Changes that mostly go well. */
const LIKELY: Readonly<Record<string, readonly string[]>> = {
  TINYINT: ['SMALLINT', 'INT', 'BIGINT', 'DECIMAL(10,2)', 'VARCHAR(60)', 'DOUBLE'],
  SMALLINT: ['INT', 'BIGINT', 'DECIMAL(14,4)', 'VARCHAR(60)', 'INT UNSIGNED'],
  INT: ['BIGINT', 'SMALLINT', 'DECIMAL(14,4)', 'VARCHAR(60)', 'DOUBLE', 'BIGINT UNSIGNED'],
  BIGINT: ['DECIMAL(30,0)', 'VARCHAR(60)', 'BIGINT UNSIGNED', 'BIGINT'],
  DECIMAL: ['DECIMAL(14,4)', 'DECIMAL(8,1)', 'INT', 'VARCHAR(60)', 'DOUBLE', 'DECIMAL(20,6)'],
  FLOAT: ['DOUBLE'],
  DOUBLE: ['DOUBLE', 'FLOAT'],
  CHAR: ['VARCHAR(60)', 'TEXT', 'CHAR(40)', 'VARBINARY(60)'],
  VARCHAR: [
    'TEXT',
    'CHAR(40)',
    'VARCHAR(60) CHARACTER SET latin1',
    'VARCHAR(40) CHARACTER SET utf16',
    'VARCHAR(5)',
    'BLOB',
  ],
  TEXT: ['LONGTEXT', 'VARCHAR(60)', 'BLOB'],
  LONGTEXT: ['TEXT', 'VARCHAR(60)'],
  VARBINARY: ['BLOB', 'BINARY(12)', 'VARCHAR(60) CHARACTER SET latin1'],
  BLOB: ['VARBINARY(60)', 'LONGBLOB'],
  DATE: ['DATETIME', 'VARCHAR(60)', 'DATETIME(3)'],
  DATETIME: ['DATETIME(3)', 'DATE', 'VARCHAR(60)'],
  TIME: ['TIME(2)', 'VARCHAR(60)'],
  ENUM: ["ENUM('c','b','a','d')", 'VARCHAR(60)', "ENUM('a','b')"],
  SET: ["SET('y','z','x')", 'VARCHAR(60)'],
  JSON: ['LONGTEXT'],
};

const COLUMNS: readonly AlterableColumn[] = [
  { name: 'i', type: 'INT' },
  { name: 'w', type: 'BIGINT UNSIGNED' },
  { name: 'd', type: 'DECIMAL(10,2)' },
  { name: 'f', type: 'DOUBLE' },
  { name: 's', type: 'VARCHAR(30)' },
  { name: 'l', type: 'VARCHAR(30) CHARACTER SET latin1' },
  { name: 'c', type: 'CHAR(12)' },
  { name: 't', type: 'TEXT' },
  { name: 'x', type: 'VARBINARY(20)' },
  { name: 'dt', type: 'DATETIME' },
  { name: 'da', type: 'DATE' },
  { name: 'ti', type: 'TIME' },
  { name: 'e', type: "ENUM('a','b','c')" },
  { name: 'st', type: "SET('x','y')" },
  { name: 'bt', type: 'BIT(8)' },
];

const wordOf = (type: string): string => /^[A-Z]+/.exec(type)![0];
const valueOf = (random: Random, { type }: AlterableColumn): string =>
  random.chance(0.1) ? 'NULL' : VALUES[wordOf(type)]!(random);

/** Statements that change tables and their definitions, and rows in between. */
export class Alterations {
  readonly #random: Random;
  readonly #flavour: Flavour;
  readonly #tables: AlterableTable[] = [];
  #serial = 0;

  constructor(random: Random, flavour: Flavour) {
    this.#random = random;
    this.#flavour = flavour;
  }

  statements(count: number): string[] {
    const made: string[] = [...this.#create(), ...this.#create()];
    while (made.length < count) {
      if (this.#tables.length === 0) made.push(...this.#create());
      const kind = this.#random.weighted(KINDS);
      made.push(...kind.make(this));
    }
    return made;
  }

  get random(): Random {
    return this.#random;
  }

  get table(): AlterableTable {
    return this.#random.pick(this.#tables);
  }

  fresh(prefix: string): string {
    this.#serial += 1;
    return `${prefix}${this.#serial}`;
  }

  type(): string {
    return this.#random.pick(TYPES);
  }

  likelyType(type: string): string {
    const likely = LIKELY[wordOf(type)];
    return likely === undefined || this.#random.chance(0.08) ? this.type() : this.#random.pick(likely);
  }

  get hasRenameColumn(): boolean {
    return isModern(this.#flavour);
  }

  get hasExpressionDefaults(): boolean {
    return isModern(this.#flavour);
  }

  get isMaria(): boolean {
    return isMaria(this.#flavour);
  }

  rows(table: AlterableTable): string {
    const some = table.columns.filter(() => this.#random.chance(0.8));
    const names = ['id', ...some.map(({ name }) => name)].join(', ');
    const row = (): string =>
      `(${[String(this.#random.int(1, 40)), ...some.map((column) => valueOf(this.#random, column))].join(', ')})`;
    return `INSERT IGNORE INTO ${table.name} (${names}) VALUES ${this.#random.times(1, 6, row).join(', ')}`;
  }

  update(table: AlterableTable): string {
    if (table.columns.length === 0) return `DELETE FROM ${table.name} WHERE id = 1`;
    const column = this.#random.pick(table.columns);
    return `UPDATE IGNORE ${table.name} SET ${column.name} = ${valueOf(this.#random, column)} WHERE id < ${this.#random.int(2, 40)}`;
  }

  add(table: AlterableTable): void {
    this.#tables.push(table);
  }

  forget(table: AlterableTable): void {
    this.#tables.splice(this.#tables.indexOf(table), 1);
  }

  #create(): string[] {
    const schema = this.#random.chance(0.85) ? 'undo' : 'undo2';
    const table = { name: `${schema}.${this.fresh('a')}`, columns: [...COLUMNS] };
    this.add(table);
    const lines = table.columns.map(({ name, type }) => `${name} ${type}`);
    return [
      `CREATE TABLE ${table.name} (id INT NOT NULL, ${lines.join(', ')}${this.#random.chance(0.8) ? ', PRIMARY KEY (id)' : ''}) ${this.#random.pick(['', 'DEFAULT CHARSET=latin1', 'DEFAULT CHARSET=utf8mb4'])}`,
      this.rows(table),
      this.rows(table),
    ];
  }
}

interface Kind {
  readonly weight: number;
  readonly make: (work: Alterations) => readonly string[];
}

const place = ({ random }: Alterations, table: AlterableTable): string =>
  random.pick([
    '',
    '',
    ' FIRST',
    ` AFTER ${table.columns.length === 0 ? 'id' : random.pick(table.columns).name}`,
  ]);

const KINDS: readonly Kind[] = [
  { weight: 10, make: (work) => [work.rows(work.table)] },
  { weight: 5, make: (work) => [work.update(work.table)] },
  { weight: 1, make: (work) => [`DELETE FROM ${work.table.name} WHERE id > ${work.random.int(20, 40)}`] },
  {
    weight: 4,
    make: (work) => {
      const { table } = work;
      const type = work.random.pick([
        'INT',
        'INT NOT NULL',
        'BIGINT UNSIGNED DEFAULT 18446744073709551615',
        'DECIMAL(8,3) DEFAULT 1.5',
        "VARCHAR(20) DEFAULT 'it''s'",
        'VARCHAR(20) NOT NULL',
        "CHAR(5) NOT NULL DEFAULT 'é'",
        'TEXT',
        'DATE',
        "DATETIME DEFAULT '2001-02-03 04:05:06'",
        'DATETIME(3) NULL',
        'DATETIME DEFAULT CURRENT_TIMESTAMP',
        'DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)',
        'DATETIME NOT NULL DEFAULT 0',
        'TIMESTAMP(6) NULL DEFAULT CURRENT_TIMESTAMP(6)',
        'TIMESTAMP',
        'TIMESTAMP(3)',
        'TIMESTAMP(2) NOT NULL',
        'TIMESTAMP ON UPDATE CURRENT_TIMESTAMP',
        "TIMESTAMP(2) NOT NULL DEFAULT '2020-07-01 12:30:00.5'",
        'TIME NOT NULL',
        "ENUM('a','b','c') NOT NULL",
        "SET('x','y') DEFAULT 'x,y'",
        'DOUBLE DEFAULT -0.5',
        'FLOAT NOT NULL',
        'BIT(8) DEFAULT 5',
        "BIT(3) NOT NULL DEFAULT b'101'",
        'BLOB',
        'VARBINARY(10) NOT NULL',
        'BINARY(4) NOT NULL',
        'YEAR NOT NULL',
        'TINYINT(1) DEFAULT TRUE',
        ...(work.hasExpressionDefaults
          ? [
              "TEXT DEFAULT ('a b')",
              "BLOB NOT NULL DEFAULT ('x')",
              'JSON DEFAULT (JSON_ARRAY())',
              'DATETIME(2) DEFAULT (NOW(2))',
              'INT DEFAULT (-7)',
              "BINARY(4) DEFAULT ('ab')",
            ]
          : []),
        ...(work.isMaria ? ['DATETIME(6) DEFAULT CURRENT_TIMESTAMP'] : []),
      ]);
      const column = {
        name: work.fresh('n'),
        type: type.replace(/ (NOT NULL|NULL|DEFAULT|ON UPDATE).*$/, ''),
      };
      const statement = `ALTER TABLE ${table.name} ADD COLUMN ${column.name} ${type}${place(work, table)}`;
      table.columns.push(column);
      return [statement];
    },
  },
  {
    weight: 2,
    make: (work) => {
      const { table } = work;
      if (table.columns.length < 2) return [];
      const column = work.random.pick(table.columns);
      table.columns = table.columns.filter((one) => one !== column);
      return [`ALTER TABLE ${table.name} DROP COLUMN ${column.name}`];
    },
  },
  {
    weight: 8,
    make: (work) => {
      const { table, random } = work;
      if (table.columns.length === 0) return [];
      const column = random.pick(table.columns);
      const type = work.likelyType(column.type);
      const name = random.chance(0.3) ? work.fresh('m') : column.name;
      table.columns = table.columns.map((one) => (one === column ? { name, type } : one));
      const how = name === column.name ? `MODIFY ${name}` : `CHANGE ${column.name} ${name}`;
      const isRequired = !type.endsWith('NULL') && random.chance(0.15);
      return [
        `ALTER TABLE ${table.name} ${how} ${type}${isRequired ? ' NOT NULL' : ''}${place(work, { ...table, columns: table.columns.filter((one) => one.name !== name) })}`,
      ];
    },
  },
  {
    weight: 1,
    make: (work) => {
      const { table } = work;
      if (!work.hasRenameColumn || table.columns.length === 0) return [];
      const column = work.random.pick(table.columns);
      const name = work.fresh('r');
      table.columns = table.columns.map((one) => (one === column ? { ...one, name } : one));
      return [`ALTER TABLE ${table.name} RENAME COLUMN ${column.name} TO ${name}`];
    },
  },
  {
    weight: 1,
    make: (work) => [
      `ALTER TABLE ${work.table.name} CONVERT TO CHARACTER SET ${work.random.pick(['utf8mb4', 'latin1', 'utf16'])}`,
    ],
  },
  {
    weight: 1,
    make: (work) => [
      `ALTER TABLE ${work.table.name} DEFAULT CHARACTER SET ${work.random.pick(['utf8mb4', 'latin1'])}`,
    ],
  },
  {
    weight: 3,
    make: (work) => {
      const { table, random } = work;
      const column = table.columns.filter(({ type }) => !/TEXT|BLOB|JSON/.test(type)).at(0)?.name ?? 'id';
      const name = work.fresh('k');
      return [
        random.pick([
          `ALTER TABLE ${table.name} ADD INDEX ${name} (${column})`,
          `CREATE INDEX ${name} ON ${table.name} (${column} DESC)`,
          `ALTER TABLE ${table.name} ADD UNIQUE KEY ${name} (id, ${column})`,
          `ALTER TABLE ${table.name} DROP PRIMARY KEY`,
          `ALTER TABLE ${table.name} ADD PRIMARY KEY (id)`,
          `ALTER TABLE ${table.name} DROP PRIMARY KEY, ADD PRIMARY KEY (id)`,
        ]),
        ...(random.chance(0.4) ? [`ALTER TABLE ${table.name} DROP INDEX ${name}`] : []),
      ];
    },
  },
  {
    weight: 2,
    make: (work) => {
      const { table, random } = work;
      const name = `${random.chance(0.7) ? 'undo' : 'undo2'}.${work.fresh('b')}`;
      work.forget(table);
      work.add({ ...table, name });
      return [
        random.pick([`RENAME TABLE ${table.name} TO ${name}`, `ALTER TABLE ${table.name} RENAME TO ${name}`]),
      ];
    },
  },
  {
    weight: 1,
    make: (work) => {
      const { table } = work;
      work.forget(table);
      return [`DROP TABLE IF EXISTS ${table.name}`];
    },
  },
  { weight: 1, make: (work) => [`TRUNCATE TABLE ${work.table.name}`] },
  {
    weight: 1,
    make: (work) => {
      const { table } = work;
      const name = `undo.${work.fresh('l')}`;
      const copy = { ...table, name };
      work.add(copy);
      return [`CREATE TABLE ${name} LIKE ${table.name}`, work.rows(copy)];
    },
  },
  {
    weight: 2,
    make: (work) => {
      const { table } = work;
      const name = `undo.${work.fresh('q')}`;
      work.add({ ...table, name });
      return [`CREATE TABLE ${name} AS SELECT * FROM ${table.name}`];
    },
  },
  {
    weight: 1,
    make: (work) => [
      `ALTER TABLE ${work.table.name} ADD ${work.fresh('p')} INT DEFAULT 3, ADD INDEX ${work.fresh('k')} (id), ALGORITHM=COPY`,
    ],
  },
];
