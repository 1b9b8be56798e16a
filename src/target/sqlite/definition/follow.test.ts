import { expect, test } from 'vitest';
import { parseTableStatement } from '../../../sql/index.ts';
import { openSqlite } from '../../../store/index.ts';
import { Catalog, contextOfText } from '../../schema/index.ts';
import { SchemaFile } from '../files/schema-file.ts';
import { follow } from './follow.ts';
import type { DefiningSource } from './new-column.ts';

const source: DefiningSource = {
  flavor: 'mariadb',
  clock: { seconds: 0, microseconds: 0 },
  moments: new Map(),
};

test.each(['ALTER IGNORE TABLE t ADD PRIMARY KEY (a)', 'ALTER IGNORE TABLE t ADD UNIQUE (a)'])(
  'rows that %s lets go stop the channel in words',
  async (sql) => {
    const file = new SchemaFile('s', await openSqlite(':memory:'), 'c', 'origin');
    const catalog = new Catalog();
    const carryOut = (text: string): void => {
      const statement = parseTableStatement(Buffer.from(text), { flavor: 'mariadb' });
      for (const change of catalog.follow(statement, contextOfText('s', 'mariadb')))
        follow(file, change as Parameters<typeof follow>[1], source);
    };
    file.enter([]);
    carryOut('CREATE TABLE t (a INT NOT NULL, b INT)');
    file.database.exec('INSERT INTO t VALUES (1, 1), (1, 2)');
    expect(() => carryOut(sql)).toThrow('s.t a key that several of its rows share');
    file.close();
  },
);
