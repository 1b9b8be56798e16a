import { type Flavour, isMaria, isModern } from '../differential/flavour.ts';
import type { Random } from '../differential/random.ts';
import { COLUMNS, HASHES, LISTS, type PartitionKey, RANGES } from './partition-keys.ts';

interface PartitionedTable {
  readonly name: string;
  key: PartitionKey | undefined;
  partitions: { name: string; steps: readonly number[] }[];
}

/** Statements that make partitioned tables, put rows into them, and change and remove their partitions. */
export class PartitionedTables {
  readonly #random: Random;
  readonly #flavour: Flavour;
  #serial = 0;

  constructor(random: Random, flavour: Flavour) {
    this.#random = random;
    this.#flavour = flavour;
  }

  /** Of some tables, one after the other. */
  statements(tables: number): string[] {
    return Array.from({ length: tables }, () => this.#workload()).flat();
  }

  #workload(): string[] {
    const random = this.#random;
    const table: PartitionedTable = { name: this.#fresh('t'), key: undefined, partitions: [] };
    const columns = Object.entries(COLUMNS).map(([name, { type }]) => `${name} ${this.#typed(type)}`);
    const create = `CREATE TABLE ${table.name} (id INT NOT NULL, ${columns.join(', ')}${random.pick(['', ', KEY (a)', ', KEY (d, id)'])})`;
    const isLater = random.chance(0.15);
    const made = isLater
      ? [create, ...this.#rows(table), `ALTER TABLE ${table.name} ${this.#spread(table)}`]
      : [`${create} ${this.#spread(table)}`];
    made.push(...this.#rows(table), ...this.#rows(table));
    for (let left = random.int(2, 7); left > 0; left -= 1)
      made.push(...(random.chance(0.35) ? this.#rows(table) : [this.#change(table)]));
    return made;
  }

  #fresh(prefix: string): string {
    this.#serial += 1;
    return `${prefix}${this.#serial}`;
  }

  /** MySQL 5.6 has no generated columns, and MySQL another word for those that are kept. */
  #typed(type: string): string {
    if (!type.includes('PERSISTENT') || isMaria(this.#flavour)) return type;
    return isModern(this.#flavour) ? type.replace('PERSISTENT', 'STORED') : 'INT';
  }

  #rows({ name }: PartitionedTable): string[] {
    const random = this.#random;
    const row = (): string => {
      const values = Object.values(COLUMNS).map(({ value }) => {
        const made = value(random);
        if (made === 'DEFAULT') return made;
        return random.chance(0.12) ? 'NULL' : made;
      });
      return `INSERT IGNORE INTO ${name} VALUES (${[this.#fresh(''), ...values].join(', ')})`;
    };
    return random.times(10, 25, row);
  }

  /** PARTITION BY, with partitions that leave room for more. */
  #spread(table: PartitionedTable): string {
    const random = this.#random;
    const kind = random.weighted([
      { weight: 6, keys: RANGES },
      { weight: 4, keys: LISTS },
      { weight: 2, keys: undefined },
    ]);
    if (kind.keys === undefined) {
      const count = random.int(1, 9);
      table.key = undefined;
      table.partitions = Array.from({ length: count }, (_, at) => ({ name: `p${at}`, steps: [] }));
      return `PARTITION BY ${random.pick(HASHES)} PARTITIONS ${count}`;
    }
    const key = random.pick(kind.keys);
    table.key = key;
    table.partitions = [];
    let step = 0;
    while (step < key.steps && (step < 2 || random.chance(0.85))) {
      const wide = key.by.startsWith('LIST') ? random.int(1, 3) : 1;
      const steps = Array.from({ length: wide }, (_, at) => step + at).filter((at) => at < key.steps);
      if (key.by.startsWith('LIST') || step === 0 || random.chance(0.7))
        table.partitions.push({ name: this.#fresh('p'), steps });
      step += wide;
    }
    const list = table.partitions.map((one) => this.#defined(key, one));
    if (key.by.startsWith('RANGE') && random.chance(0.5)) {
      const name = this.#fresh('p');
      table.partitions.push({ name, steps: [] });
      list.push(
        `PARTITION ${name} VALUES LESS THAN ${key.by.includes('COLUMNS') ? this.#most(key) : 'MAXVALUE'}`,
      );
    }
    if (isMaria(this.#flavour) && key.by.startsWith('LIST') && random.chance(0.5)) {
      const name = this.#fresh('p');
      table.partitions.push({ name, steps: [] });
      list.push(`PARTITION ${name} DEFAULT`);
    }
    const sub = random.chance(0.15) ? ' SUBPARTITION BY HASH (a) SUBPARTITIONS 2' : '';
    const clause = `PARTITION BY ${key.by}${sub} (${list.join(', ')})`;
    return random.chance(0.3) ? `/*!50500 ${clause} */` : clause;
  }

  #most({ by }: PartitionKey): string {
    return `(${by
      .split(',')
      .map(() => 'MAXVALUE')
      .join(', ')})`;
  }

  #defined({ by, value }: PartitionKey, { name, steps }: PartitionedTable['partitions'][number]): string {
    const values = steps.map(value).join(', ');
    const comment = this.#random.chance(0.1) ? " COMMENT = 'x) , (y'" : '';
    return `PARTITION ${this.#random.chance(0.3) ? `\`${name}\`` : name} VALUES ${by.startsWith('LIST') ? 'IN' : 'LESS THAN'} (${values})${comment}`;
  }

  #change(table: PartitionedTable): string {
    const random = this.#random;
    const alter = `ALTER TABLE ${table.name}`;
    const some = (): string[] =>
      table.partitions
        .filter(() => random.chance(0.3))
        .map(({ name }) => (random.chance(0.3) ? name.toUpperCase() : name));
    const [first = table.partitions[0]?.name ?? 'p0', ...more] = some();
    const names = [first, ...more];
    const gone = new Set(names.map((name) => name.toLowerCase()));
    const { key } = table;
    if (key === undefined) {
      return random.pick([
        `${alter} TRUNCATE PARTITION ${names.join(', ')}`,
        `${alter} TRUNCATE PARTITION ${names.join(', ')}`,
        `${alter} TRUNCATE PARTITION ALL`,
        `${alter} COALESCE PARTITION ${random.int(1, 2)}`,
        `${alter} ADD PARTITION PARTITIONS ${random.int(1, 3)}`,
        `${alter} ADD COLUMN ${this.#fresh('n')} INT FIRST`,
        `${alter} ${this.#spread(table)}`,
      ]);
    }
    const at = table.partitions.findIndex(({ name }) => gone.has(name.toLowerCase()));
    const next = table.partitions[at + 1];
    const kind = random.int(0, 9);
    if (kind < 4) {
      if (names.length < table.partitions.length)
        table.partitions = table.partitions.filter(({ name }) => !gone.has(name.toLowerCase()));
      const word = isMaria(this.#flavour) && random.chance(0.2) ? 'IF EXISTS nowhere, ' : '';
      return `${alter} DROP PARTITION ${word}${names.join(', ')}`;
    }
    if (kind < 7) return `${alter} TRUNCATE PARTITION ${random.chance(0.1) ? 'ALL' : names.join(', ')}`;
    if (kind === 7 && next !== undefined && next.steps.length > 0 && at >= 0) {
      const one = table.partitions[at]!;
      const steps = key.by.startsWith('LIST') ? [...one.steps, ...next.steps] : next.steps;
      const merged = { name: this.#fresh('p'), steps };
      table.partitions.splice(at, 2, merged);
      return `${alter} REORGANIZE PARTITION ${one.name}, ${next.name} INTO (${this.#defined(key, merged)})`;
    }
    if (kind === 8) return `${alter} ${random.pick([this.#spread(table), 'MODIFY a BIGINT', 'ADD KEY (t)'])}`;
    const last = Math.max(-1, ...table.partitions.flatMap(({ steps }) => steps));
    if (last + 1 >= key.steps) return `${alter} REBUILD PARTITION ${first}`;
    const added = { name: this.#fresh('p'), steps: [last + 1] };
    table.partitions.push(added);
    return `${alter} ADD PARTITION (${this.#defined(key, added)})`;
  }
}
