import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ColumnValue } from '../../binlog/index.ts';
import {
  NO_FILTERS,
  ReplicateFilter,
  type ReplicationFilters,
  type SourcePosition,
} from '../../replication/index.ts';
import type { DumpSink } from './dump-sink.ts';
import { openDump } from './open-dump.ts';
import { readDump } from './read-dump.ts';
import { readDumpPlace } from './read-dump-place.ts';

interface Loaded {
  readonly rows: Record<string, ColumnValue[][]>;
  readonly schemas: string[];
  position: SourcePosition | undefined;
}

function recorder(): { readonly sink: DumpSink; readonly loaded: Loaded } {
  const loaded: Loaded = { rows: {}, schemas: [], position: undefined };
  const sink: DumpSink = {
    createSchema: (schema) => void loaded.schemas.push(schema),
    createTable: ({ schema, name }) => void (loaded.rows[`${schema}.${name}`] = []),
    dropTable: ({ schema, name }) => void delete loaded.rows[`${schema}.${name}`],
    rows: ({ schema, name }, columns) => ({
      insert: (values) => {
        expect(values.length).toBe(columns.length);
        loaded.rows[`${schema}.${name}`]!.push(
          values.map((value) => (Buffer.isBuffer(value) ? Buffer.from(value) : value)),
        );
      },
    }),
    pause: () => undefined,
    finish: (_schemas, position) => void (loaded.position = position),
  };
  return { sink, loaded };
}

async function* pieces(dump: string | Buffer, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(dump);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function load(
  dump: string | Buffer,
  filters?: Partial<ReplicationFilters>,
  size?: number,
): Promise<Loaded> {
  const { sink, loaded } = recorder();
  const filter = filters === undefined ? undefined : new ReplicateFilter({ ...NO_FILTERS, ...filters });
  await readDump(pieces(dump, size), { sink, filter, windowBytes: size ?? 16 });
  return loaded;
}

const HEAD = `-- MySQL dump 10.13  Distrib 9.7.4, for Linux (x86_64)
-- Host: localhost    Database: shop
-- Server version\t9.7.4-2
/*!50503 SET NAMES utf8mb4 */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
CHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE='mysql-bin.000002', SOURCE_LOG_POS=4698;
`;
const TAIL = '-- Dump completed on 2026-11-21 11:31:22\n';
const TABLE =
  'CREATE TABLE `t` (`id` int NOT NULL, `s` varchar(20) DEFAULT NULL, PRIMARY KEY (`id`)) DEFAULT CHARSET=utf8mb4;\n';

describe('where a dump was taken', () => {
  const cases: readonly (readonly [name: string, dump: string, place: SourcePosition])[] = [
    [
      'by MySQL with GTIDs, of several servers',
      "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ 'e37fdc1c-e59e-11f1-9270-02fc00000001:1-15,\nf37fdc1c-e59e-11f1-9270-02fc00000001:1:3-4';\nCHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE='b.000002', SOURCE_LOG_POS=47;\n",
      {
        file: 'b.000002',
        position: 47,
        gtids: 'e37fdc1c-e59e-11f1-9270-02fc00000001:1-15,f37fdc1c-e59e-11f1-9270-02fc00000001:1:3-4',
      },
    ],
    [
      'in comments only',
      "/* SET @@GLOBAL.GTID_PURGED='+e37fdc1c-e59e-11f1-9270-02fc00000001:1-15';*/\n--\n-- CHANGE MASTER TO MASTER_LOG_FILE='b.000002', MASTER_LOG_POS=47;\n",
      { file: 'b.000002', position: 47, gtids: 'e37fdc1c-e59e-11f1-9270-02fc00000001:1-15' },
    ],
    [
      'by MySQL 5.6',
      "CHANGE MASTER TO MASTER_LOG_FILE='b.000002', MASTER_LOG_POS=47;\n",
      { file: 'b.000002', position: 47 },
    ],
    [
      'by MariaDB, GTIDs at the end',
      `/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19-11.8.6-MariaDB, for debian-linux-gnu (x86_64)\nCHANGE MASTER TO MASTER_USE_GTID=slave_pos;\n-- CHANGE MASTER TO MASTER_LOG_FILE='b.000001', MASTER_LOG_POS=5594;\nUSE \`a\`;\n${TABLE}INSERT INTO \`t\` VALUES\n(1,'SET GLOBAL gtid_slave_pos=''9-9-9'';');\nSET GLOBAL gtid_slave_pos='0-1-26,1-7-3';\n`,
      { file: 'b.000001', position: 5594, gtids: '0-1-26,1-7-3' },
    ],
    [
      'by MariaDB, in comments',
      "-- CHANGE MASTER TO MASTER_LOG_FILE='b.000001', MASTER_LOG_POS=5594;\n-- SET GLOBAL gtid_slave_pos='0-1-26';\n",
      { file: 'b.000001', position: 5594, gtids: '0-1-26' },
    ],
  ];
  for (const [name, dump, place] of cases) {
    test(name, async () => {
      expect(await readDumpPlace(pieces(dump))).toEqual(place);
      expect(await readDumpPlace(pieces(dump, 1))).toEqual(place);
    });
  }

  test('is an error where it does not say so, or says two places', async () => {
    await expect(readDumpPlace(pieces(`USE a;\n${TABLE}`))).rejects.toThrow(
      'does not say where in the source’s log',
    );
    const twice = [1, 2]
      .map((at) => `CHANGE MASTER TO MASTER_LOG_FILE='b.1', MASTER_LOG_POS=${at};`)
      .join('\n');
    await expect(readDumpPlace(pieces(twice))).rejects.toThrow('several positions');
  });

  test('is an error that names its place in a dump that cannot be read', async () => {
    const insert = "INSERT INTO t VALUES (1,'a'),(2,geheim);\n";
    const dump = `-- MariaDB dump 10.19  Distrib 11.8.6-MariaDB\nUSE a;\n${TABLE}${insert}`;
    const error = await readDumpPlace(pieces(dump)).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ context: { position: dump.indexOf('(2,') } });
    const gbk = 'SET NAMES gbk;\n';
    await expect(readDumpPlace(pieces(`${HEAD}${gbk}`))).rejects.toMatchObject({
      message: 'the texts of the dump are in gbk, which is not read',
      context: { position: HEAD.length + gbk.length - 1 },
    });
  });
});

describe('rows of a dump', () => {
  test('come with all that literals can be', async () => {
    const { rows, position } = await load(
      `${HEAD}CREATE TABLE \`x\` (a int, b bigint unsigned, c decimal(9,3), d double, e varchar(30), f blob, g bit(9), h binary(3), i timestamp, j json, k year, l enum('a','b''c')) DEFAULT CHARSET=utf8mb4;
INSERT INTO \`x\` VALUES (-1,18446744073709551615,0000001.500,1.5e300,'it\\'s \\\\ \\n \\0 \\Z \\" ; ''x'' ),(',0x00FF,_binary '\\0U',_binary 'ab\\0','2026-01-02 03:04:05','{\\"a\\": [1, \\"x\\\\\\"y\\"]}',2024,'b\\'c'),
(NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL) , (7,0,-0.000,-0,'',x'',b'101',X'616263',NULL,'null',0000,'');
${TAIL}`,
    );
    expect(position).toEqual({ file: 'mysql-bin.000002', position: 4698 });
    expect(rows['shop.x']).toEqual([
      [
        -1,
        18446744073709551615n,
        '1.500',
        1.5e300,
        "it's \\ \n \0 \x1a \" ; 'x' ),(",
        Buffer.from('00ff', 'hex'),
        85n,
        Buffer.from('ab\0'),
        '2026-01-02 03:04:05',
        '{"a": [1, "x\\"y"]}',
        2024,
        "b'c",
      ],
      Array.from({ length: 12 }, () => null),
      [7, 0n, '-0.000', -0, '', Buffer.alloc(0), 5n, Buffer.from('abc'), null, 'null', 0, ''],
    ]);
  });

  test('are the same however the dump is cut into pieces', async () => {
    const ESCAPES: Readonly<Record<string, string>> = {
      '\0': '\\0',
      '\n': '\\n',
      '\r': '\\r',
      '\x1a': '\\Z',
    };
    const escaped = (text: string): string =>
      // oxlint-disable-next-line no-control-regex -- what the tools escape
      `'${text.replaceAll(/[\\'"\0\n\r\x1a]/g, (found) => ESCAPES[found] ?? `\\${found}`)}'`;
    const row = fc.tuple(
      fc.integer({ min: -9999, max: 9999 }),
      fc.option(fc.string({ unit: 'binary', maxLength: 40 })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 20 }),
        fc.integer({ min: 1, max: 50 }),
        async (given, size) => {
          const values = given
            .map(([id, text]) => `(${id},${text === null ? 'NULL' : escaped(text)})`)
            .join(',');
          const insert = given.length === 0 ? '' : `INSERT INTO \`t\` VALUES ${values};\n`;
          const { rows } = await load(`${HEAD}${TABLE}${insert}${TAIL}`, undefined, size);
          expect(rows['shop.t']).toEqual(given);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('leave out views, triggers, routines and the servers’ own schemas', async () => {
    const { rows, schemas } = await load(`${HEAD}USE \`mysql\`;
CREATE TABLE \`user\` (a int);
INSERT INTO \`user\` VALUES (1);
CREATE DATABASE /*!32312 IF NOT EXISTS*/ \`we\`\`ird\` /*!40100 DEFAULT CHARACTER SET utf8mb4 */;
USE \`we\`\`ird\`;
${TABLE}/*!40000 ALTER TABLE \`t\` DISABLE KEYS */;
REPLACE  INTO \`t\` (\`s\`, \`id\`) VALUES ('x',1);
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=\`root\`@\`localhost\`*/ /*!50003 TRIGGER \`tr\` BEFORE INSERT ON \`t\` FOR EACH ROW SET NEW.s = 'INSERT INTO t VALUES (1);' */;;
CREATE PROCEDURE p()
BEGIN -- it's a comment;
INSERT INTO t VALUES (9, 'x'); DROP TABLE t; END ;;
DELIMITER ;
/*!50001 CREATE TABLE \`v\` (\`id\` int) ENGINE=MyISAM */;
/*!50001 DROP TABLE IF EXISTS \`v\`*/;
/*!50001 CREATE ALGORITHM=UNDEFINED VIEW \`v\` AS select 1 */;
${TAIL}`);
    expect(rows).toEqual({ 'we`ird.t': [['x', 1]] });
    expect(schemas).toEqual(['we`ird']);
  });

  test('come where tables refer to others that follow, and where schemas are dropped first', async () => {
    const child =
      'CREATE TABLE `k` (`id` int, `p` int, CONSTRAINT `f` FOREIGN KEY (`p`) REFERENCES `t` (`id`));\n';
    const dump = `${HEAD}/*!40000 DROP DATABASE IF EXISTS \`shop\`*/;
CREATE DATABASE /*!32312 IF NOT EXISTS*/ \`shop\`;\nUSE \`shop\`;\n${child}INSERT INTO \`k\` VALUES (7,1);
${TABLE}/*!40000 ALTER TABLE \`t\` DISABLE KEYS */;\nINSERT INTO \`t\` VALUES (1,'a');\n/*!40000 ALTER TABLE \`t\` ENABLE KEYS */;\n`;
    const rows = { 'shop.k': [[7, 1]], 'shop.t': [[1, 'a']] };
    expect((await load(dump + TAIL)).rows).toEqual(rows);
    // Of two dumps in one file the second counts.
    expect((await load(dump + dump.replace("'a'", "'b'") + TAIL)).rows).toEqual({
      ...rows,
      'shop.t': [[1, 'b']],
    });
  });

  test('pass filters and rewrites', async () => {
    const dump = `${HEAD}${TABLE}INSERT INTO \`t\` VALUES (1,'a');\n${TABLE.replace('`t`', '`u`')}INSERT INTO \`u\` VALUES (2,'b');\n${TAIL}`;
    expect((await load(dump, { ignoreTable: ['shop.u'] })).rows).toEqual({ 'shop.t': [[1, 'a']] });
    expect((await load(dump, { rewriteDb: [['shop', 'store']] })).rows).toEqual({
      'store.t': [[1, 'a']],
      'store.u': [[2, 'b']],
    });
  });

  test('are read in the character set that the dump names', async () => {
    const latin1 = Buffer.from(
      `${HEAD.replace('utf8mb4', 'latin1')}${TABLE}INSERT INTO \`t\` VALUES (1,'\xe9');\n${TAIL}`,
      'latin1',
    );
    expect((await load(latin1)).rows['shop.t']).toEqual([[1, 'é']]);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for (const charset of ['gbk', 'sjis', 'cp932', 'big5', 'gb18030'])
      await expect(load(HEAD.replace('utf8mb4', charset) + TAIL)).rejects.toThrow(
        `in ${charset}, which is not read`,
      );
  });

  test('hold what MariaDB alone writes: −0 with ZEROFILL, and halves of surrogate pairs in ucs2', async () => {
    const dump = Buffer.concat([
      Buffer.from(
        `${HEAD}CREATE TABLE x (d double unsigned zerofill, u varchar(9) CHARACTER SET ucs2, w varchar(9) CHARACTER SET utf32, v varchar(9));\nINSERT INTO x VALUES (00000000000000000000-0,'`,
      ),
      Buffer.from("a\xed\xb7\xb8','\xed\xb7\xb8',", 'latin1'),
      Buffer.from(`'\xed\xb7\xb8');\n${TAIL}`, 'latin1'),
    ]);
    expect((await load(dump)).rows['shop.x']).toEqual([
      [-0, Buffer.from('0061ddf8', 'hex'), Buffer.from('0000ddf8', 'hex'), Buffer.from('edb7b8', 'hex')],
    ]);
    await expect(
      load(`${HEAD}CREATE TABLE x (d double);\nINSERT INTO x VALUES (1-0);\n${TAIL}`),
    ).rejects.toThrow('a number of the dump is none');
  });

  test('are looked at from a file that gzip deflated, and one that is cut off is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rowlock-dump-'));
    try {
      const path = join(folder, 'dump.sql.gz');
      const whole = gzipSync(`${HEAD}${TABLE}INSERT INTO \`t\` VALUES (1,'a');\n${TAIL}`);
      writeFileSync(path, whole);
      const { sink, loaded } = recorder();
      await readDump(openDump(path), { sink, filter: undefined });
      expect(loaded.rows).toEqual({ 'shop.t': [[1, 'a']] });
      writeFileSync(path, whole.subarray(0, -20));
      await expect(readDump(openDump(path), { sink: recorder().sink, filter: undefined })).rejects.toThrow(
        'not inflate',
      );
      await expect(readDump(openDump(join(folder, 'none')), { sink, filter: undefined })).rejects.toThrow(
        'cannot be read',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('an error says where in the dump it is, and nothing of its rows', async () => {
  const dump = `${HEAD}${TABLE}INSERT INTO t VALUES (1,'a'),(2,geheim);\n${TAIL}`;
  const error = await load(dump).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ context: { position: dump.indexOf('(2,') } });
  expect((error as Error).message).not.toContain('geheim');
});

test.each([
  ['latin1', 'c varchar(9) CHARSET latin1, a varchar(9) CHARSET ascii, b blob, i int', undefined],
  ['latin1', 'c varchar(9) CHARSET latin1, d text CHARSET latin2', 'd'],
  ['latin1', 'j json', 'j'],
  ['utf8', 'c text CHARSET gbk, d text CHARSET ucs2', undefined],
  ['utf8', 'c text CHARSET utf8, d enum("a") CHARSET utf8mb4', 'd'],
  ['utf8mb4', 'c text CHARSET utf16', undefined],
  ['binary', 'c text CHARSET utf16', undefined],
])(
  'a dump in %s of %s may have lost characters of %s, which is said once',
  async (charset, columns, lost) => {
    const definitions = ['t', 'u'].map((name) => `CREATE TABLE ${name} (id int, ${columns});\n`);
    const rows = ['t', 'u'].map((name) => `INSERT INTO ${name} (id) VALUES (1);\n`);
    const names = HEAD.replace('utf8mb4', charset);
    const warnings: string[] = [];
    const all = columns.split(',').map((column) => column.trim().split(' ')[0]!);
    const whole = rows.map((row) =>
      row.replace('(id)', `(id,${all.join()})`).replace('(1)', `(1${',NULL'.repeat(all.length)})`),
    );
    const dump = `${names}${definitions.join('')}${whole.join('')}${TAIL}`;
    await readDump(pieces(dump), {
      sink: recorder().sink,
      filter: undefined,
      warn: (message) => warnings.push(message),
    });
    expect(warnings.map((message) => message.includes(`shop.t.${lost}`))).toEqual(
      lost === undefined ? [] : [true],
    );
  },
);

describe('a dump is refused', () => {
  const rows = "INSERT INTO `t` VALUES (1,'a'),(2,'b');\n";
  const cases: readonly (readonly [name: string, dump: string, message: string])[] = [
    ['without its end', HEAD + TABLE + rows, 'lacks its last line'],
    ['that ends within a row', HEAD + TABLE + rows.slice(0, -6), 'in the middle of a statement'],
    ['that ends within a statement', HEAD + TABLE.slice(0, -8), 'in the middle of a statement'],
    ['without definitions', HEAD + rows + TAIL, 'rows of shop.t, and not its definition'],
    [
      'with expressions for values',
      `${HEAD}${TABLE}INSERT INTO t VALUES (1,CONCAT('a','b'));\n${TAIL}`,
      'calls CONCAT()',
    ],
    ['with rows too short', `${HEAD}${TABLE}INSERT INTO t VALUES (1);\n${TAIL}`, '1 values for 2 columns'],
    [
      'with times of an unknown zone',
      `${HEAD.replace(/.*TIME_ZONE.*\n/, '')}CREATE TABLE t (a timestamp NULL);\nINSERT INTO t VALUES (NULL);\n${TAIL}`,
      'does not say that its times are in UTC',
    ],
    [
      'with rows of stored generated columns, whose values it lacks',
      `${HEAD}CREATE TABLE t (a int, s int AS (a + 1) STORED);\nINSERT INTO t (a) VALUES (1);\n${TAIL}`,
      'stored generated column s',
    ],
    [
      'for other databases, which lacks the character sets of its tables',
      `${HEAD.replace('AUTO_VALUE_ON_ZERO', 'AUTO_VALUE_ON_ZERO,ANSI')}CREATE TABLE "t" (a int);\n${TAIL}`,
      'made with --compatible',
    ],
    ['of no schema', `${HEAD.replace(/.*Database.*\n/, '')}${TABLE}${TAIL}`, 'which schema'],
  ];
  for (const [name, dump, message] of cases) {
    test(name, async () => {
      const { sink, loaded } = recorder();
      await expect(readDump(pieces(dump, 11), { sink, filter: undefined, windowBytes: 32 })).rejects.toThrow(
        message,
      );
      expect(loaded.position).toBeUndefined();
    });
  }
});
