import { expect, test } from 'vitest';
import { classifyStatement, type LexerOptions, parseTableStatement } from '../../../../sql/index.ts';
import { TablePrivileges } from './table-privileges.ts';

/** What the server says to an account with these privileges, `PRIVILEGE ON schema`; undefined: it may. */
function refusal(sql: string, grants: string, options: LexerOptions = {}): string | undefined {
  const held = new Set(
    grants.split('; ').flatMap((grant) => {
      const [names = '', schema = ''] = grant.split(' ON ');
      return names.split(', ').map((name) => `${name} ON ${schema}`);
    }),
  );
  const checks = {
    exists: () => true,
    mayApply: () => true,
    mayReload: () => held.has('RELOAD ON *.*'),
    allows: (_user: string, _host: string, privilege: string, schema: string) =>
      held.has(`${privilege} ON ${schema}`),
  };
  const bytes = Buffer.from(sql);
  try {
    new TablePrivileges(checks, { user: 'u', host: 'h' }).checkDefinition(
      classifyStatement(bytes, options),
      parseTableStatement(bytes, options),
      'shop',
      undefined,
    );
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(" command denied to user 'u'@'h' for table ", ' ');
  }
}

const RELOAD = 'Access denied; you need (at least one of) the RELOAD privilege(s) for this operation';
const DEFINER =
  'Access denied; you need (at least one of) the SUPER or SET_ANY_DEFINER privilege(s) for this operation';

// As MySQL 9.7 does with PRIVILEGE_CHECKS_USER, from trying it.
test.each([
  ['CREATE TABLE l LIKE other.t', 'CREATE ON shop', "SELECT 't'"],
  ['CREATE TABLE l LIKE other.t', 'CREATE ON shop; SELECT ON other', undefined],
  [
    'CREATE TABLE f (x INT, FOREIGN KEY (x) REFERENCES other.t (a))',
    'CREATE ON shop',
    "REFERENCES 'other.t'",
  ],
  ['ALTER TABLE f ADD FOREIGN KEY (x) REFERENCES a (x)', 'ALTER ON shop', "REFERENCES 'shop.a'"],
  ['ALTER TABLE a RENAME TO other.b', 'ALTER ON shop', "DROP 'a'"],
  ['ALTER TABLE a ADD c INT, RENAME other.b', 'ALTER, DROP ON shop', "INSERT, CREATE 'b'"],
  ['ALTER TABLE a /*!50000 RENAME AS other.b */', 'ALTER, DROP ON shop; CREATE ON other', "INSERT 'b'"],
  ['ALTER TABLE a RENAME COLUMN x TO y', 'ALTER ON shop', undefined],
  ['ALTER TABLE p DROP PARTITION p1', 'ALTER ON shop', "DROP 'p'"],
  ['ALTER TABLE p TRUNCATE PARTITION p1', 'ALTER ON shop', "DROP 'p'"],
  [
    'ALTER TABLE p EXCHANGE PARTITION p1 WITH TABLE other.e',
    'INSERT, CREATE, DROP, ALTER ON shop',
    "INSERT, CREATE, DROP, ALTER 'e'",
  ],
  ['RENAME TABLE a TO other.b', 'DROP, ALTER ON shop', "INSERT, CREATE 'b'"],
  ['RENAME TABLE a TO b', 'DROP, ALTER, INSERT, CREATE ON shop', undefined],
  ['CREATE INDEX i ON a (x)', 'ALTER ON shop', "INDEX 'a'"],
  ['DROP INDEX i ON a', 'INDEX ON shop', undefined],
  ['CREATE VIEW v AS SELECT * FROM other.t', 'CREATE ON shop', "CREATE VIEW 'v'"],
  ['CREATE DEFINER=`r`@`h` VIEW v AS SELECT * FROM other.t', 'CREATE VIEW ON shop', DEFINER],
  ['DROP VIEW v', 'DROP ON shop', undefined],
  ['OPTIMIZE TABLE a', 'ALTER ON shop', "SELECT, INSERT 'a'"],
  ['OPTIMIZE TABLE a, other.b', 'SELECT, INSERT ON shop; SELECT ON other', "INSERT 'b'"],
  ['ANALYZE TABLE a UPDATE HISTOGRAM ON x WITH 4 BUCKETS', 'SELECT ON shop', "INSERT 'a'"],
  ['REPAIR TABLE a', 'SELECT, INSERT ON shop', undefined],
  ['FLUSH PRIVILEGES', 'SELECT ON shop', RELOAD],
  ['FLUSH TABLES a', 'SELECT ON shop', RELOAD],
  ['FLUSH TABLES a, other.b', 'RELOAD ON *.*', undefined],
])('%s, held against %s', (sql, grants, said) => {
  expect(refusal(sql, grants)).toBe(said);
});

test.each([
  ['CREATE OR REPLACE TABLE a (x INT)', 'CREATE ON shop', "DROP 'a'"],
  ['CREATE TABLE a (x INT REFERENCES other.t (a))', 'CREATE ON shop', "REFERENCES 'other.t'"],
  [
    'ALTER TABLE p CONVERT TABLE other.e TO PARTITION q VALUES LESS THAN (5)',
    'INSERT, CREATE, DROP, ALTER ON shop',
    "INSERT, CREATE, DROP, ALTER 'e'",
  ],
  ['ALTER TABLE p CONVERT TO CHARACTER SET latin1', 'ALTER ON shop', undefined],
])('MariaDB: %s, held against %s', (sql, grants, said) => {
  expect(refusal(sql, grants, { flavor: 'mariadb' })).toBe(said);
});

test("a definition that is not understood is nobody's", () => {
  expect(refusal('ALTER TABLE a MOVE ELSEWHERE', 'ALTER ON shop')).toMatch(
    /^Nobody can tell which privileges/,
  );
});
