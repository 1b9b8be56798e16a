import { describe, expect, test } from 'vitest';
import { classifyStatement } from '../../sql/index.ts';
import { NO_FILTERS, type ReplicationFilters } from './filters.ts';
import { ReplicateFilter } from './replicate-filter.ts';

const filter = (rules: Partial<ReplicationFilters>): ReplicateFilter =>
  new ReplicateFilter({ ...NO_FILTERS, ...rules });
const statement = (sql: string): ReturnType<typeof classifyStatement> => classifyStatement(Buffer.from(sql));

describe('CHANGE REPLICATION FILTER', () => {
  test('DO_DB lets only those through, IGNORE_DB all but those', () => {
    expect(filter({ doDb: ['a'] }).passesTable('a', 't')).toBe(true);
    expect(filter({ doDb: ['a'] }).passesTable('b', 't')).toBe(false);
    expect(filter({ ignoreDb: ['a'] }).passesTable('a', 't')).toBe(false);
    expect(filter({ ignoreDb: ['a'] }).passesTable('b', 't')).toBe(true);
    expect(filter({ doDb: ['a'], ignoreDb: ['a'] }).passesTable('a', 't')).toBe(true);
  });

  test('of the rules for tables the first that matches decides', () => {
    const rules = filter({ doTable: ['a.t'], wildIgnoreTable: ['a.%'], wildDoTable: ['b.x_z'] });
    expect(rules.passesTable('a', 't')).toBe(true);
    expect(rules.passesTable('a', 'u')).toBe(false);
    expect(rules.passesTable('b', 'xyz')).toBe(true);
    expect(rules.passesTable('b', 'xyyz')).toBe(false);
    expect(filter({ ignoreTable: ['a.t'] }).passesTable('a', 'u')).toBe(true);
    expect(filter({ wildDoTable: ['a\\_b.%'] }).passesTable('axb', 't')).toBe(false);
  });

  test('a statement counts by its default database and the tables that it names', () => {
    const rules = filter({ doDb: ['a'], ignoreTable: ['a.hidden'] });
    expect(rules.passesStatement(statement('CREATE TABLE t (x INT)'), 'a', undefined)).toBe(true);
    expect(rules.passesStatement(statement('CREATE TABLE a.t (x INT)'), 'b', undefined)).toBe(false);
    expect(rules.passesStatement(statement('DROP TABLE hidden'), 'a', undefined)).toBe(false);
    // As replicas of MySQL 9.7 and MariaDB 11.8 do, from trying it.
    expect(rules.passesStatement(statement('OPTIMIZE TABLE hidden'), 'a', undefined)).toBe(false);
    expect(rules.passesStatement(statement('FLUSH TABLES hidden'), 'a', undefined)).toBe(false);
    expect(rules.passesStatement(statement('FLUSH TABLES'), 'a', undefined)).toBe(true);
    expect(rules.passesStatement(statement('CREATE DATABASE b'), 'a', 'b')).toBe(false);
    expect(filter({ wildDoTable: ['a.%'] }).passesStatement(statement('DROP DATABASE a'), '', 'a')).toBe(
      true,
    );
    expect(filter({ wildDoTable: ['a.%'] }).passesStatement(statement('DROP DATABASE b'), '', 'b')).toBe(
      false,
    );
  });

  test('an UPDATE or DELETE of several counts by the tables that it changes', () => {
    const rules = filter({ ignoreTable: ['a.hidden'] });
    const passes = (sql: string): boolean => rules.passesStatement(statement(sql), 'a', undefined);
    expect(passes('UPDATE t, hidden h SET t.x = h.x')).toBe(true);
    expect(passes('UPDATE t, hidden h SET h.x = t.x')).toBe(false);
    expect(passes('UPDATE t, hidden h SET h.x = 1, t.x = 1')).toBe(false);
    expect(passes('DELETE h FROM t JOIN hidden h USING (x)')).toBe(false);
    expect(passes('DELETE FROM t USING t JOIN hidden h USING (x)')).toBe(true);
  });

  // As MySQL 9.7 and MariaDB 11.8 do, from trying it.
  test('of a pattern MySQL compares bytes, MariaDB characters whatever their case', () => {
    const passes = (rule: string, flavor: 'mysql' | 'mariadb'): string =>
      ['A', 'a', 'ab', 'ü', 'ünï', 'é', 'É', '名']
        .filter((table) =>
          filter({ wildDoTable: [rule] })
            .of(flavor)
            .passesTable('d', table),
        )
        .join(' ');
    expect(passes('d._', 'mysql')).toBe('A a');
    expect(passes('d.__', 'mysql')).toBe('ab ü é É');
    expect(passes('d.ün__', 'mysql')).toBe('ünï');
    expect(passes('d.A%', 'mysql')).toBe('A');
    expect(passes('D.%', 'mysql')).toBe('');
    expect(passes('d._', 'mariadb')).toBe('A a ü é É 名');
    expect(passes('d.ün_', 'mariadb')).toBe('ünï');
    expect(passes('D.é', 'mariadb')).toBe('é É');
    expect(passes('d.A%', 'mariadb')).toBe('A a ab');
  });

  // As MySQL 9.7 and MariaDB 11.8 do, from trying it.
  test('patterns count for a database, to MySQL only where no rule is about databases', () => {
    const create = statement('CREATE DATABASE b');
    expect(filter({ wildIgnoreTable: ['b.%'] }).passesStatement(create, '', 'b')).toBe(false);
    expect(filter({ wildIgnoreTable: ['b.%'], ignoreDb: ['x'] }).passesStatement(create, '', 'b')).toBe(true);
    expect(filter({ wildDoTable: ['x.%'], doDb: ['b'] }).passesStatement(create, '', 'b')).toBe(true);
    const both = filter({ wildDoTable: ['x.%'], doDb: ['b', 'x'] }).of('mariadb');
    expect(both.passesStatement(create, '', 'b')).toBe(false);
    expect(both.passesStatement(statement('CREATE DATABASE x'), '', 'x')).toBe(true);
  });

  // As MySQL 9.7 does, from trying it.
  test('a view belongs to the tables, and so does what is made of one', () => {
    const view = statement('CREATE VIEW a.v AS SELECT * FROM b.t');
    expect(filter({ doTable: ['b.t'] }).passesStatement(view, 'a', undefined)).toBe(false);
    expect(filter({ ignoreTable: ['b.t'] }).passesStatement(view, 'a', undefined)).toBe(true);
    expect(filter({ wildIgnoreTable: ['a.%'] }).passesStatement(view, 'b', undefined)).toBe(false);
    const index = statement('DROP INDEX i ON t');
    expect(filter({ ignoreTable: ['a.t'] }).passesStatement(index, 'a', undefined)).toBe(false);
  });

  // As MySQL 9.7 does, from trying it.
  test('a statement about accounts belongs to the tables of the server', () => {
    const account = statement("CREATE USER u@'%'");
    expect(filter({ wildDoTable: ['shop.%'] }).passesStatement(account, '', undefined)).toBe(false);
    expect(filter({ wildIgnoreTable: ['mysql.%'] }).passesStatement(account, '', undefined)).toBe(false);
    expect(filter({ ignoreDb: ['shop'] }).passesStatement(account, '', undefined)).toBe(true);
    expect(filter({}).passesStatement(account, '', undefined)).toBe(true);
  });

  test('a statement without a default database is in none of DO_DB', () => {
    const create = statement('CREATE TABLE shop.t (x INT)');
    expect(filter({ doDb: ['shop'] }).passesStatement(create, '', undefined)).toBe(false);
    expect(filter({ doDb: ['shop'] }).passesStatement(create, 'shop', undefined)).toBe(true);
    expect(filter({ ignoreDb: ['other'] }).passesStatement(create, '', undefined)).toBe(true);
  });

  test('a database has its new name before any rule is asked', () => {
    const rules = filter({ rewriteDb: [['old', 'new']], doDb: ['new'] });
    expect(rules.rewritten('old')).toBe('new');
    expect(rules.isOn).toBe(true);
    expect(filter({}).isOn).toBe(false);
  });

  // As MySQL 9.7 does, from trying it.
  test('of several new names for a database the first counts, and none is renamed again', () => {
    const rules = filter({
      rewriteDb: [
        ['a', 'b'],
        ['a', 'c'],
        ['b', 'c'],
      ],
    });
    expect(rules.rewritten('a')).toBe('b');
    expect(rules.rewritten('b')).toBe('c');
  });
});
