import { join } from 'node:path';
import { openSqlite } from '../../src/store/index.ts';
import type { Table } from '../../src/target/index.ts';
import { type Flavour, isMaria, isModern } from '../differential/flavour.ts';
import type { Random } from '../differential/random.ts';
import type { RunningServer } from '../servers/index.ts';

/** Collations of all servers, by their character sets. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  latin1: ['latin1_swedish_ci', 'latin1_german1_ci', 'latin1_bin'],
  utf8: ['utf8_general_ci', 'utf8_bin', 'utf8_unicode_ci'],
  utf8mb4: ['utf8mb4_general_ci', 'utf8mb4_bin', 'utf8mb4_unicode_ci'],
  cp1251: ['cp1251_general_ci', 'cp1251_bulgarian_ci', 'cp1251_bin'],
  koi8r: ['koi8r_general_ci', 'koi8r_bin'],
};

/** Types that become one another; the last ones have a character set of their own. */
const TEXTS = ['CHAR(3)', 'VARCHAR(9)', 'TEXT', 'LONGTEXT', 'NCHAR(3)', 'CHAR(3) ASCII', 'CHAR(3) UNICODE'];

/** Statements that say in all ways how texts compare. What a server refuses is not in its log. */
export class CollationChanges {
  readonly #random: Random;
  readonly #flavour: Flavour;
  #serial = 0;

  constructor(random: Random, flavour: Flavour) {
    this.#random = random;
    this.#flavour = flavour;
  }

  /** Before the log is read: a schema `c0`, whose tables the source is asked for. */
  before(): string[] {
    return [
      'DROP DATABASE IF EXISTS c0',
      `CREATE DATABASE c0 ${this.#named()}`,
      ...['a', 'b'].map((name) => this.#create(`c0.${name}`)),
      ...(isModern(this.#flavour)
        ? [`CREATE TABLE c0.logged (id INT PRIMARY KEY, gone INT, ${this.#columns()}) ${this.#named()}`]
        : []),
    ];
  }

  statements(count: number): string[] {
    return [
      'DROP DATABASE IF EXISTS c1',
      'DROP DATABASE IF EXISTS c2',
      this.#server(),
      `CREATE DATABASE c1 ${this.#named()}`,
      'CREATE DATABASE c2',
      'USE c1',
      ...Array.from({ length: count }, () => this.#any()),
      ...['a', 'b'].flatMap((name) => [this.#alter(`c0.${name}`), `INSERT INTO c0.${name} (id) VALUES (1)`]),
      // Its columns are known from the log alone: the source has others now. MySQL 5.6 does not write them.
      ...(isModern(this.#flavour)
        ? ['INSERT INTO c0.logged (id) VALUES (1)', 'ALTER TABLE c0.logged DROP COLUMN gone']
        : []),
    ];
  }

  #any(): string {
    const random = this.#random;
    const table = (): string => `${random.pick(['c1', 'c2'])}.t${random.int(1, 5)}`;
    const fresh = `${random.pick(['c1', 'c2', 'c0'])}.n${(this.#serial += 1)}`;
    return random
      .weighted([
        { weight: 3, make: () => this.#create(table()) },
        { weight: 10, make: () => this.#alter(table()) },
        { weight: 1, make: () => `DROP TABLE IF EXISTS ${table()}` },
        { weight: 1, make: () => this.#create(fresh) },
        { weight: 1, make: () => `CREATE TABLE ${fresh} LIKE ${table()}` },
        { weight: 1, make: () => `CREATE TABLE ${fresh} SELECT * FROM ${table()}` },
        { weight: 1, make: () => `RENAME TABLE ${table()} TO ${table()}` },
        { weight: 2, make: () => `ALTER DATABASE ${random.pick(['c1', 'c2'])} ${this.#named()}` },
        { weight: 2, make: () => this.#server() },
      ])
      .make();
  }

  #server(): string {
    const random = this.#random;
    const usual = (): string => random.pick(this.#collations('utf8mb4'));
    const settings = [`collation_server = ${this.#collation()}`];
    if (this.#flavour === 'mysql97')
      settings.push(`default_collation_for_utf8mb4 = utf8mb4_${random.pick(['general_ci', '0900_ai_ci'])}`);
    if (this.#flavour === 'mariadb118')
      settings.push(`character_set_collations = '${random.pick(['', `utf8mb4=${usual()}`])}'`);
    return `SET SESSION ${random.pick(settings)}`;
  }

  #create(name: string): string {
    return `CREATE TABLE ${name} (id INT PRIMARY KEY, ${this.#columns()}) ${this.#named()}`;
  }

  #columns(): string {
    return ['a', 'b', 'c', 'd', 'e'].map((name) => this.#column(name)).join(', ');
  }

  #alter(name: string): string {
    const random = this.#random;
    const letter = (): string => random.pick(['a', 'b', 'c']);
    const columns = random.times(0, 2, () =>
      random
        .weighted([
          { weight: 3, make: () => `MODIFY ${this.#column(letter())}` },
          { weight: 3, make: () => `ADD ${this.#column(`x${(this.#serial += 1)}`)}` },
          { weight: 1, make: () => `CHANGE ${letter()} ${this.#column(letter())}` },
        ])
        .make(),
    );
    // Of several for the table each server makes something else.
    const own = random.pick([[], [this.#named() || 'COMMENT = "x"'], [this.#convert()]]);
    const changes = random.chance(0.5) ? [...own, ...columns] : [...columns, ...own];
    return `ALTER TABLE ${name} ${changes.join(', ') || 'FORCE'}`;
  }

  #convert(): string {
    const random = this.#random;
    const charset = random.pick([...Object.keys(NAMES), 'DEFAULT']);
    const collation = random.chance(0.5) ? ` COLLATE ${this.#ofCharset(charset)}` : '';
    return `CONVERT TO CHARACTER SET ${charset}${collation}`;
  }

  #column(name: string): string {
    const random = this.#random;
    if (name.startsWith('x') && random.chance(0.2))
      return `${name} ${random.pick(isModern(this.#flavour) ? ['INT', 'BLOB', 'JSON'] : ['INT', 'BLOB'])}`;
    const type = /^[abc]/.test(name)
      ? random.pick(TEXTS)
      : random.pick(["ENUM('a','b')", "SET('x')", 'LONG']);
    if (/ |^N/.test(type)) return `${name} ${type}`;
    // With CHARACTER SET, and with COLLATE, each server takes it for something else.
    return `${name} ${type} ${random.chance(0.15) ? random.pick(['BINARY', 'ASCII BINARY']) : this.#named()}`;
  }

  /** CHARACTER SET, COLLATE, both, or neither. */
  #named(): string {
    const random = this.#random;
    const charset = random.pick(Object.keys(NAMES));
    return random
      .weighted([
        { weight: 4, make: () => '' },
        { weight: 3, make: () => `CHARACTER SET ${charset}` },
        { weight: 3, make: () => `COLLATE ${this.#collation()}` },
        { weight: 3, make: () => `CHARACTER SET ${charset} COLLATE ${this.#ofCharset(charset)}` },
        { weight: 1, make: () => random.pick(['CHARACTER SET DEFAULT', 'COLLATE DEFAULT']) },
      ])
      .make();
  }

  #collation(): string {
    return this.#random.pick(this.#collations(this.#random.pick(Object.keys(NAMES))));
  }

  /** One that may stand behind CHARACTER SET. */
  #ofCharset(charset: string): string {
    const names = NAMES[charset] === undefined ? [this.#collation()] : this.#collations(charset);
    return this.#random.pick(isMaria(this.#flavour) ? [...names, 'uca1400_as_cs', 'DEFAULT'] : names);
  }

  #collations(charset: string): readonly string[] {
    const names = NAMES[charset]!;
    if (charset !== 'utf8mb4' || this.#flavour === 'mysql56') return names;
    const own = isMaria(this.#flavour) ? 'utf8mb4_uca1400_as_cs' : 'utf8mb4_0900_ai_ci';
    return [...names, own];
  }
}

/** `schema.table.column` → collation; '-' for none. */
type Collations = Readonly<Record<string, string>>;

/** The collations of the columns of some schemas, at the source and in the state of its target. */
export async function collationsOfBoth(
  server: RunningServer,
  schemas: readonly string[],
  folder: string,
): Promise<{ readonly theirs: Collations; readonly ours: Collations }> {
  const answer = await server.query(
    `SELECT CONCAT_WS('.', c.table_schema, c.table_name, c.column_name), COALESCE(c.collation_name, '-')
     FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE table_schema IN ('${schemas.join("', '")}') AND table_type NOT IN ('VIEW', 'SEQUENCE')`,
  );
  const theirs = answer
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split('\t') as [string, string])
    // Old servers say utf8 for utf8mb3.
    .map(([path, name]) => [path, name.replace(/^utf8_/, 'utf8mb3_')] as const);
  const database = await openSqlite(join(folder, 'rowlock.sqlite'));
  const tables = database.prepare('SELECT definition FROM tables').all();
  database.close();
  const ours = tables
    .map(({ definition }) => JSON.parse(String(definition)) as Table)
    .filter(({ schema }) => schemas.includes(schema))
    .flatMap(({ schema, name: table, columns }) =>
      columns.map(({ name, collation = '-' }) => [`${schema}.${table}.${name}`, collation] as const),
    );
  return { theirs: Object.fromEntries(theirs), ours: Object.fromEntries(ours) };
}
