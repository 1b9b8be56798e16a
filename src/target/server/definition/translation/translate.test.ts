import { describe, expect, it } from 'vitest';
import { parseTableStatement } from '../../../../sql/index.ts';
import { CatalogError } from '../../../schema/index.ts';
import type { ExistingIndex } from './existing-table.ts';
import { renamed } from './rename-qualifiers.ts';
import { asksForTable, translate } from './translate.ts';

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

  it('takes a literal of several words for one', () => {
    const introduced =
      "CREATE TABLE t (a CHAR(3) DEFAULT _latin1 x'E9', b CHAR(3) DEFAULT _utf8 0xC3A9, c INT DEFAULT x'1F')";
    expect(toMysql(introduced)).toEqual([introduced]);
    expect(toMariadb(introduced)).toEqual([introduced.replaceAll(/x'(..)'/g, '0x$1')]);
    // é between the quotes of a session that speaks latin1 is what its bytes are in utf8.
    const logged = Buffer.from("CREATE TABLE t (a CHAR(3) DEFAULT _utf8'Ã©')", 'latin1');
    expect(translate(logged, { flavor: 'mysql', charset: 'latin1' }, 'mariadb')).toEqual([
      "CREATE TABLE t (a CHAR(3) DEFAULT _utf8 x'c3a9')",
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
        'CREATE TABLE t (a INT) ENGINE=Aria DEFAULT CHARSET=utf8mb4 PAGE_CHECKSUM=1 PARTITION BY KEY (a) PARTITIONS 3',
      ),
    ).toEqual(['CREATE TABLE t (a INT) DEFAULT CHARSET=utf8mb4']);
    expect(
      toMysql("CREATE TABLE t (a INT) ENGINE Aria, CHECKSUM=1, `PAGE_COMPRESSED`='ON', ENCRYPTED=NO"),
    ).toEqual(['CREATE TABLE t (a INT) CHECKSUM=1']);
    expect(
      toMysql(
        'ALTER TABLE t CHANGE a engine INT, CHANGE b storage INT, ADD UNIQUE `sequence` (a), ENGINE Aria',
      ),
    ).toEqual(['ALTER TABLE t CHANGE a engine INT, CHANGE b storage INT, ADD UNIQUE `sequence` (a)']);
  });

  it('makes the columns of a versioned table ordinary ones', () => {
    const [sql] = toMysql('CREATE TABLE t (a INT PRIMARY KEY) WITH SYSTEM VERSIONING');
    expect(toMysql('CREATE TABLE t (a INT PRIMARY KEY WITH SYSTEM VERSIONING)')[0]?.replace(' ,', ',')).toBe(
      sql,
    );
    expect(sql).toMatch(
      /^CREATE TABLE t \(a INT PRIMARY KEY, row_start DATETIME\(6\).*row_end DATETIME\(6\).*\)$/,
    );
    expect(
      toMysql(
        'CREATE TABLE t (a INT, s TIMESTAMP(6) GENERATED ALWAYS AS ROW START, e TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING',
      ),
    ).toEqual(["CREATE TABLE t (a INT, s DATETIME(6), e DATETIME(6) COMMENT 'AS ROW END')"]);
    expect(
      toMysql('CREATE TABLE t (a INT PRIMARY KEY, PERIOD FOR p (s, e)) WITH SYSTEM VERSIONING')[0]?.replace(
        ' ,',
        ',',
      ),
    ).toBe(sql);
  });

  it('takes DEFAULT before an option for no default', () => {
    const sql =
      'ALTER TABLE t DEFAULT CHARACTER SET latin1, STATS_SAMPLE_PAGES=DEFAULT, DEFAULT COLLATE utf8mb4_bin';
    expect(toMysql(sql)).toEqual([sql]);
    expect(toMysql('ALTER TABLE t ALTER a SET DEFAULT NEXTVAL(s)')).toEqual([
      'ALTER TABLE t ALTER a DROP DEFAULT',
    ]);
  });

  it('leaves out defaults that the target has refused, but for columns that rows get', () => {
    const again = (sql: string): string[] =>
      translate(Buffer.from(sql), { flavor: 'mysql', charset: 'utf8mb4' }, 'mariadb', { refused: 1 });
    expect(
      again(
        "CREATE TABLE t (v VECTOR(2) DEFAULT (STRING_TO_VECTOR('[1,2]')), a INT DEFAULT 7, g INT AS (F(a)))",
      ),
    ).toEqual(['CREATE TABLE t (v VECTOR(2), a INT DEFAULT 7, g INT AS (F(a)))']);
    expect(toMysql('CREATE TABLE t (inet6 FLOAT DEFAULT 1.5, u UUID DEFAULT 1.5)')).toEqual([
      'CREATE TABLE t (inet6 FLOAT DEFAULT 1.5, u BINARY(16))',
    ]);
    const added = 'ALTER TABLE t ADD v INT DEFAULT (F(1))';
    expect(again(added)).toEqual([added]);
  });

  it('leaves to the target how a statement is carried out', () => {
    expect(toMysql('ALTER TABLE t ADD algorithm INT, ALGORITHM=NOCOPY, LOCK NONE, DROP `lock`')).toEqual([
      'ALTER TABLE t ADD algorithm INT, DROP `lock`',
    ]);
    expect(toMariadb('CREATE INDEX i ON t (a) ALGORITHM=INPLACE LOCK=SHARED')).toEqual([
      'CREATE INDEX i ON t (a)',
    ]);
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
    expect(rename('ALTER TABLE a.2x ADD 3y INT')).toBe('ALTER TABLE `b``c`.`2x` ADD 3y INT');
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
      'ALTER TABLE t DROP INDEX IF EXISTS k',
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
      'ALTER TABLE t ALTER INDEX IF EXISTS k IGNORED',
    ]);
    expect(toMariadb('ALTER TABLE t ALTER INDEX k VISIBLE')).toEqual([
      'ALTER TABLE t ALTER INDEX IF EXISTS k NOT IGNORED',
    ]);
    expect(toMariadb('ALTER TABLE t ALTER COLUMN a SET VISIBLE')).toEqual(['ALTER TABLE t']);
    expect(toMariadb('ALTER TABLE t ALTER a SET DEFAULT (1 + 1), ADD b INT DEFAULT (2)')).toEqual([
      'ALTER TABLE t ALTER a SET DEFAULT (1 + 1), ADD b INT DEFAULT (2)',
    ]);
  });

  it('is left out where it is a check, of a column too', () => {
    expect(
      toMariadb(
        'CREATE TABLE t (a INT, CONSTRAINT c CHECK (a > 0) NOT ENFORCED, b INT CONSTRAINT d CHECK (b > (1)) NOT ENFORCED NOT NULL, CHECK (a > 0) ENFORCED)',
      ),
    ).toEqual(['CREATE TABLE t (a INT, b INT NOT NULL)']);
    expect(toMariadb('ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED, ADD b INT CHECK (b > 1) NULL')).toEqual([
      'ALTER TABLE t ADD b INT NULL',
    ]);
    expect(toMysql('CREATE TABLE t (a INT CHECK (a > b) NOT NULL, b INT)')).toEqual([
      'CREATE TABLE t (a INT NOT NULL, b INT)',
    ]);
    expect(toMariadb('ALTER TABLE t ALTER CONSTRAINT c NOT ENFORCED')).toEqual(['ALTER TABLE t']);
    expect(toMariadb('ALTER TABLE t ALTER CHECK c NOT ENFORCED, DROP CHECK d, DROP CONSTRAINT e')).toEqual([
      'ALTER TABLE t DROP CONSTRAINT IF EXISTS d, DROP CONSTRAINT IF EXISTS e',
    ]);
  });

  it('is the value of a column: MySQL has expressions in parentheses, and what neither can work out is left out', () => {
    expect(
      toMysql(
        "CREATE TABLE t (a CHAR(36) DEFAULT uuid(), b UUID DEFAULT uuid() NOT NULL, c INT DEFAULT nextval(`s`), d INT DEFAULT NEXT VALUE FOR x.s, e DATETIME DEFAULT current_timestamp(), f INET4 DEFAULT '1.2.3.4', g INT DEFAULT -1, h TEXT NOT NULL DEFAULT 'x', i BLOB DEFAULT NULL) DEFAULT CHARSET=latin1",
      ),
    ).toEqual([
      "CREATE TABLE t (a CHAR(36) DEFAULT (uuid()), b BINARY(16) NOT NULL, c INT, d INT, e DATETIME DEFAULT current_timestamp(), f BINARY(4), g INT DEFAULT -1, h TEXT NOT NULL DEFAULT ('x'), i BLOB DEFAULT NULL) DEFAULT CHARSET=latin1",
    ]);
    expect(
      toMariadb(
        "CREATE TABLE t (a BINARY(16) DEFAULT (uuid_to_bin(uuid())), b JSON DEFAULT (CAST('{}' AS JSON)), c INT DEFAULT (1 + 1))",
      ),
    ).toEqual(['CREATE TABLE t (a BINARY(16), b JSON, c INT DEFAULT (1 + 1))']);
  });

  it('is written otherwise', () => {
    expect(
      toMariadb("CREATE TABLE t (j JSON, a TEXT AS (j->>'$.a'), b INT AS (`j`->'$.b'), c GEOMCOLLECTION)"),
    ).toEqual([
      "CREATE TABLE t (j JSON, a TEXT AS (JSON_UNQUOTE(JSON_EXTRACT(j, '$.a'))), b INT AS (JSON_EXTRACT(`j`, '$.b')), c GEOMETRYCOLLECTION)",
    ]);
    expect(toMariadb('DROP INDEX i ON t ALGORITHM=INPLACE LOCK = NONE')).toEqual([
      'DROP INDEX IF EXISTS i ON t',
    ]);
    expect(toMysql('ALTER TABLE t WAIT 5 ADD wait INT, ALTER KEY k NOT IGNORED')).toEqual([
      'ALTER TABLE t ADD wait INT, ALTER INDEX k VISIBLE',
    ]);
    expect(
      toMysql('CREATE TABLE t (a YEAR(2), v VECTOR(3), VECTOR INDEX (v) M=8, KEY k (a) IGNORED)'),
    ).toEqual(['CREATE TABLE t (a YEAR, v VECTOR(3), KEY k (a) INVISIBLE)']);
  });

  it('is a word, which stands in backquotes', () => {
    expect(
      toMysql('CREATE TABLE system (rank INT, `of` INT, KEY lead (rank)) WITH SYSTEM VERSIONING')[0],
    ).toMatch(/^CREATE TABLE `system` \(`rank` INT, `of` INT, KEY `lead` \(`rank`\), row_start .*\)$/);
    expect(toMariadb('ALTER TABLE t RENAME COLUMN returning TO rank')).toEqual([
      'ALTER TABLE t RENAME COLUMN `returning` TO rank',
    ]);
  });

  it('is a condition, which MySQL is asked about', () => {
    const existing = {
      types: new Map([
        ['a', 'int'],
        ['b', 'int'],
      ]),
      indexes: new Map(['primary', 'k'].map((name) => [name, { isUnique: false, parts: [] }] as const)),
      constraints: new Set(['primary', 'f']),
      partitions: new Set<string>(),
      hasPeriod: false,
    };
    const options = { flavor: 'mariadb', charset: 'utf8mb4' } as const;
    const given = (sql: string, table: typeof existing | undefined = existing): string[] => {
      expect(asksForTable(Buffer.from(sql), options, 'mysql')).toBe(true);
      return translate(Buffer.from(sql), options, 'mysql', { table: { existing: table } });
    };
    expect(
      given(
        'ALTER TABLE t DROP COLUMN IF EXISTS x, ADD COLUMN IF NOT EXISTS B INT, ADD IF NOT EXISTS c INT AFTER a, MODIFY IF EXISTS b INT, DROP INDEX IF EXISTS k',
      ),
    ).toEqual(['ALTER TABLE t ADD c INT AFTER a, MODIFY b INT, DROP INDEX k']);
    expect(
      given(
        'ALTER TABLE t DROP CONSTRAINT x, DROP CONSTRAINT f, ADD CONSTRAINT f FOREIGN KEY IF NOT EXISTS (a) REFERENCES p (a)',
      ),
    ).toEqual(['ALTER TABLE t DROP CONSTRAINT f']);
    expect(given('ALTER TABLE t ADD PRIMARY KEY IF NOT EXISTS (a), ADD UNIQUE IF NOT EXISTS u (b)')).toEqual([
      'ALTER TABLE t ADD UNIQUE u (b)',
    ]);
    expect(given('CREATE INDEX IF NOT EXISTS k ON t (b)')).toEqual([]);
    expect(given('DROP INDEX IF EXISTS k ON t')).toEqual(['DROP INDEX k ON t']);
    expect(given('RENAME TABLE IF EXISTS t TO u')).toEqual(['RENAME TABLE t TO u']);
    const none = ['ALTER TABLE IF EXISTS t ADD c INT'].flatMap((sql) =>
      translate(Buffer.from(sql), options, 'mysql', { table: { existing: undefined } }),
    );
    expect(none).toEqual([]);
    expect(asksForTable(Buffer.from('DROP TABLE IF EXISTS t'), options, 'mysql')).toBe(false);
    expect(asksForTable(Buffer.from('CREATE TABLE IF NOT EXISTS t (a INT)'), options, 'mysql')).toBe(false);
  });
});

describe('a definition that nobody would write', () => {
  const many = (text: string): string => text.repeat(200_000);

  it.each([
    ['parentheses', `CREATE TABLE t (a INT DEFAULT ${many('(')}1${many(')')})`],
    ['closing ones', `ALTER TABLE t ADD c INT ${many(')')}`],
    ['points', `ALTER TABLE ${many('a.')}b ADD c INT`],
    ['changes', `ALTER TABLE t ${many('ADD c INT, ')}ADD d INT`],
    ['keys', `CREATE TABLE t (${many('UNIQUE (a), ')}a INT)`],
    ['words', `CREATE TABLE t (a INT ${many('NOT NULL ')})`],
  ])('is refused at once: %s', (_name, sql) => {
    expect(() => toMysql(sql)).toThrow(CatalogError);
    expect(() => toMariadb(sql)).toThrow(CatalogError);
  });

  it('may have many columns, values and signs', () => {
    const added = parseTableStatement(Buffer.from(`ALTER TABLE t ADD (${many('c INT, ')}d INT)`));
    expect(added).toMatchObject({ kind: 'alterTable', changes: { length: 200_001 } });
    const columns = Array.from({ length: 4096 }, (_, at) => `c${at} VARCHAR(20) NOT NULL DEFAULT 'x'`).join(
      ', ',
    );
    const values = Array.from({ length: 60_000 }, (_, at) => `'${at}'`).join(', ');
    expect(toMysql(`CREATE TABLE t (${columns}, e ENUM(${values}))`)).toHaveLength(1);
    expect(toMysql(`CREATE TABLE t (a INT DEFAULT ${'-'.repeat(4000)}1)`)).toHaveLength(1);
  });

  it.each([
    'CREATE OR REPLACE DATABASE',
    'IF EXISTS k ALTER TABLE t ADD a INT',
    'EXISTS TABLE IF NOT',
    'ALTER TABLE t ADD UNIQUE (a, b WITHOUT OVERLAPS)) ADD b INT',
    'CREATE TABLE t (a constructor)',
  ])('is given as it is, for the target to refuse: %s', (sql) => {
    const existing = {
      types: new Map([['a', 'int']]),
      indexes: new Map<string, ExistingIndex>(),
      constraints: new Set<string>(),
      partitions: new Set<string>(),
      hasPeriod: false,
    };
    const options = { flavor: 'mariadb', charset: 'utf8mb4' } as const;
    expect(() => translate(Buffer.from(sql), options, 'mysql', { table: { existing } })).not.toThrow();
    expect(() => parseTableStatement(Buffer.from(sql), options)).not.toThrow();
  });
});

/** What a hostile source may write: nothing of the source's has to be whole. */
describe('a definition that is cut off anywhere', () => {
  const existing = {
    types: new Map([
      ['a', "enum('x') latin1"],
      ['v', 'char(3)'],
    ]),
    indexes: new Map<string, ExistingIndex>(),
    constraints: new Set<string>(),
    partitions: new Set<string>(),
    hasPeriod: true,
  };

  it.each([
    'ALTER TABLE t CONVERT TO CHARACTER SET utf16 COLLATE utf16_bin',
    'ALTER TABLE t MODIFY v VECTOR(3), CHANGE a b VECTOR(4)',
    'ALTER TABLE t ADD (a INT, UNIQUE KEY k ((a+1)), b UUID DEFAULT uuid()), ALTER a SET DEFAULT NEXTVAL(s)',
    "CREATE TABLE t (a INT WITH SYSTEM VERSIONING, b VARCHAR(5) DEFAULT x'61', PERIOD FOR p (a, b), UNIQUE (b)) ENGINE=Aria",
    'ALTER TABLE t ADD COLUMN IF NOT EXISTS (a INT), DROP PERIOD IF EXISTS FOR p, ADD SYSTEM VERSIONING, LOCK=NONE',
    'CREATE OR REPLACE INDEX i ON t (a, (b + 1)) IGNORED',
    'ALTER TABLE t ADD c INT AS (a + -1) STORED DEFAULT -1.5, RENAME COLUMN a TO b',
  ])('is given as far as it goes, or refused: %s', (sql) => {
    const kinds = new Set<unknown>(['given']);
    for (let length = 1; length <= sql.length; length += 1) {
      const cut = Buffer.from(sql.slice(0, length));
      for (const [from, to] of [
        ['mariadb', 'mysql'],
        ['mysql', 'mariadb'],
      ] as const)
        for (const refused of [0, 3])
          for (const table of [undefined, { existing }, { existing: undefined }]) {
            const options = { flavor: from, charset: 'utf8mb4' } as const;
            try {
              asksForTable(cut, options, to);
              translate(cut, options, to, { refused, table });
            } catch (error) {
              kinds.add((error as Error).constructor);
            }
          }
    }
    kinds.delete(CatalogError);
    expect([...kinds]).toEqual(['given']);
  });
});
