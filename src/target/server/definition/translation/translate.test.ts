import { describe, expect, it } from 'vitest';
import { renamed } from './rename-qualifiers.ts';
import { translate } from './translate.ts';

const toMysql = (sql: string): string[] =>
  translate(Buffer.from(sql), { flavor: 'mariadb', charset: 'utf8mb4' }, 'mysql');
const toMariadb = (sql: string): string[] =>
  translate(Buffer.from(sql), { flavor: 'mysql', charset: 'utf8mb4' }, 'mariadb');

describe('a definition of MariaDB for MySQL', () => {
  it('keeps the bytes of types that MySQL has not', () => {
    expect(
      toMysql(
        "CREATE TABLE t (uuid UUID, a INET6 NOT NULL, `json` JSON, b VARCHAR(9) COMPRESSED DEFAULT 'uuid')",
      ),
    ).toEqual([
      "CREATE TABLE t (uuid BINARY(16), a BINARY(16) NOT NULL, `json` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, b VARCHAR(9) DEFAULT 'uuid')",
    ]);
  });

  it('keeps floats as they are, rounded by nobody', () => {
    expect(
      toMysql('CREATE TABLE t (a DOUBLE(20,5) NOT NULL, b FLOAT(53), c DOUBLE PRECISION (9,2), d FLOAT)'),
    ).toEqual(['CREATE TABLE t (a DOUBLE NOT NULL, b FLOAT(53), c DOUBLE PRECISION, d FLOAT)']);
  });

  it('leaves to the target how a table is stored', () => {
    expect(
      toMysql(
        'CREATE TABLE t (a INT) ENGINE=Aria DEFAULT CHARSET=utf8mb4 PAGE_CHECKSUM=1 PARTITION BY HASH (a) PARTITIONS 3',
      ),
    ).toEqual(['CREATE TABLE t (a INT) DEFAULT CHARSET=utf8mb4']);
  });

  it('makes the columns of a versioned table ordinary ones', () => {
    const [sql] = toMysql('CREATE TABLE t (a INT PRIMARY KEY) WITH SYSTEM VERSIONING');
    expect(sql).toMatch(
      /^CREATE TABLE t \(a INT PRIMARY KEY, row_start DATETIME\(6\).*row_end DATETIME\(6\).*\)$/,
    );
    expect(
      toMysql(
        'CREATE TABLE t (a INT, s TIMESTAMP(6) GENERATED ALWAYS AS ROW START, e TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING',
      ),
    ).toEqual(["CREATE TABLE t (a INT, s DATETIME(6), e DATETIME(6) COMMENT 'AS ROW END')"]);
  });

  it('replaces a table in two steps', () => {
    expect(toMysql('CREATE OR REPLACE TABLE `d`.`t` (a INT)')).toEqual([
      'DROP TABLE IF EXISTS `d`.`t`',
      'CREATE TABLE `d`.`t` (a INT)',
    ]);
  });

  it('counts without AUTO_INCREMENT where a generated column would not allow it', () => {
    expect(
      toMysql('CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, g INT AS (`id` + 1) PERSISTENT)'),
    ).toEqual(['CREATE TABLE t (id INT PRIMARY KEY, g INT AS (`id` + 1) STORED)']);
    expect(toMysql('CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, g INT AS (k + 1))')[0]).toContain(
      'AUTO_INCREMENT',
    );
  });

  it('takes a collation of its own for one it has not', () => {
    expect(
      toMysql(
        'ALTER TABLE t ADD c TEXT COLLATE utf8mb4_uca1400_ai_ci, MODIFY d TEXT COLLATE latin1_german1_ci',
      ),
    ).toEqual([
      'ALTER TABLE t ADD c TEXT COLLATE utf8mb4_0900_ai_ci, MODIFY d TEXT COLLATE latin1_german1_ci',
    ]);
  });
});

describe('a definition of MySQL for MariaDB', () => {
  it('leaves out what MariaDB does not read', () => {
    expect(
      toMariadb(
        'CREATE TABLE t (g POINT NOT NULL SRID 4326, a INT INVISIBLE, b INT NOT NULL INVISIBLE, KEY k (a) VISIBLE) ENGINE=InnoDB START TRANSACTION',
      ),
    ).toEqual(['CREATE TABLE t (g POINT NOT NULL, a INT INVISIBLE, b INT NOT NULL, KEY k (a))']);
  });

  it('takes utf8mb4 for a character set that MariaDB has not', () => {
    expect(toMariadb('CREATE TABLE t (a TEXT CHARACTER SET gb18030)')).toEqual([
      'CREATE TABLE t (a TEXT CHARACTER SET utf8mb4)',
    ]);
  });
});

describe('schemas under another name', () => {
  const nameOf = (schema: string): string => (schema === 'a' ? 'b`c' : schema);
  const rename = (sql: string): string =>
    renamed(Buffer.from(sql), { charset: 'utf8mb4' }, nameOf).toString();

  it('renames where a schema is named, and nowhere else', () => {
    expect(rename('RENAME TABLE a.a TO `a`.x, y.a TO y.b')).toBe(
      'RENAME TABLE `b``c`.a TO `b``c`.x, `y`.a TO `y`.b',
    );
    expect(rename("CREATE TABLE t (a INT COMMENT 'a.b', FOREIGN KEY (a) REFERENCES a.p (a))")).toBe(
      "CREATE TABLE t (a INT COMMENT 'a.b', FOREIGN KEY (a) REFERENCES `b``c`.p (a))",
    );
    expect(rename('CREATE DATABASE IF NOT EXISTS a CHARACTER SET latin1')).toBe(
      'CREATE DATABASE IF NOT EXISTS `b``c` CHARACTER SET latin1',
    );
  });
});

describe('what one family has and the other has not', () => {
  it('is left out where it is an index, with its comma', () => {
    expect(
      toMariadb(
        'CREATE TABLE t (id INT, KEY f ((LOWER(a))), UNIQUE KEY u (id, (a + 1)), a INT, KEY k (a(3) DESC))',
      ),
    ).toEqual(['CREATE TABLE t (id INT, a INT, KEY k (a(3) DESC))']);
    expect(toMariadb('ALTER TABLE t ADD INDEX f ((a * 2)), DROP INDEX k')).toEqual([
      'ALTER TABLE t DROP INDEX k',
    ]);
    expect(toMariadb('ALTER TABLE t ADD UNIQUE f ((a * 2))')).toEqual(['ALTER TABLE t']);
    expect(
      toMysql(
        'CREATE TABLE t (id INT, s DATE, e DATE, UNIQUE (id, p WITHOUT OVERLAPS), PERIOD FOR p (s, e))',
      ),
    ).toEqual(['CREATE TABLE t (id INT, s DATE, e DATE)']);
  });

  it('hides an index by another name, and columns not at all', () => {
    expect(toMariadb('CREATE TABLE t (a INT, KEY k (a) INVISIBLE, KEY l (a) VISIBLE)')).toEqual([
      'CREATE TABLE t (a INT, KEY k (a) IGNORED, KEY l (a))',
    ]);
    expect(toMariadb('ALTER TABLE t ALTER INDEX k INVISIBLE, ALTER COLUMN a SET INVISIBLE')).toEqual([
      'ALTER TABLE t ALTER INDEX k IGNORED',
    ]);
    expect(toMariadb('ALTER TABLE t ALTER INDEX k VISIBLE')).toEqual([
      'ALTER TABLE t ALTER INDEX k NOT IGNORED',
    ]);
    expect(toMariadb('ALTER TABLE t ALTER COLUMN a SET VISIBLE')).toEqual(['ALTER TABLE t']);
    expect(toMariadb('ALTER TABLE t ALTER a SET DEFAULT (1 + 1), ADD b INT DEFAULT (2)')).toEqual([
      'ALTER TABLE t ALTER a SET DEFAULT (1 + 1), ADD b INT DEFAULT (2)',
    ]);
  });

  it('drops checks as constraints, and enforces them all', () => {
    expect(toMariadb('ALTER TABLE t ALTER CHECK c NOT ENFORCED, DROP CHECK d')).toEqual([
      'ALTER TABLE t DROP CONSTRAINT IF EXISTS d',
    ]);
  });

  it('checks nothing that is not enforced', () => {
    expect(toMariadb('CREATE TABLE t (a INT, CONSTRAINT c CHECK (a > 0) NOT ENFORCED)')).toEqual([
      'CREATE TABLE t (a INT)',
    ]);
    expect(toMariadb('ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED, ADD b INT')).toEqual([
      'ALTER TABLE t ADD b INT',
    ]);
  });

  it('is no matter where partitions are changed and rows stay', () => {
    for (const change of [
      'REORGANIZE PARTITION p INTO (PARTITION a VALUES LESS THAN (3), PARTITION b VALUES LESS THAN MAXVALUE)',
      'REMOVE PARTITIONING',
      'COALESCE PARTITION 1',
      'ADD PARTITION (PARTITION c VALUES IN (4))',
      'REBUILD PARTITION ALL',
    ])
      expect(toMariadb(`ALTER TABLE t ${change}`)).toEqual(['ALTER TABLE t']);
    expect(toMariadb('ALTER TABLE t DROP PARTITION p')).toEqual(['ALTER TABLE t DROP PARTITION p']);
  });
});
