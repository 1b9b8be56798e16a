import { describe, expect, test } from 'vitest';
import { EventType, type Query } from '../binlog/index.ts';
import { guardQueryOf } from './query-of.ts';
import { StrictGuard } from './strict-guard.ts';

const LATIN1_SWEDISH_CI = 8;
const GBK_CHINESE_CI = 28;
const NO_BACKSLASH_ESCAPES = 0x10_0000;

const flags2 = [0, 0, 0, 0, 0];
const sqlMode = (mode: number): number[] => [
  1,
  mode & 0xff,
  (mode >> 8) & 0xff,
  (mode >> 16) & 0xff,
  0,
  0,
  0,
  0,
  0,
];
const charset = (collation: number): number[] => [4, collation, 0, collation, 0, collation, 0];
/** MariaDB's `Q_HRNOW`: MySQL reads no further. */
const hrnow = [128, 1, 2, 3];

function query(statement: Buffer, ...block: number[][]): Query {
  const bytes = Buffer.from(block.flat());
  const status: Query['status'] = { bytes };
  for (const part of block) {
    if (part[0] === 1) status.sqlMode = BigInt(Buffer.from(part).readUIntLE(1, 4));
    if (part[0] === 4) status.charset = { client: part[1]!, connection: part[3]!, server: part[5]! };
  }
  return { statement, status } as Query;
}

function verdict(of: Query): string {
  const guard = new StrictGuard();
  const event = { type: EventType.QUERY_EVENT, flags: 0, query: guardQueryOf(of, 'mysql') };
  const { pass, ...rest } = guard.check(event);
  return pass ? 'pass' : (rest as { violation: string }).violation;
}

/** As gbk, the character 0xBF5C and the end of a string; as anything else, a quote in it. Then a query, and the end of a string. */
const twoFaced = Buffer.concat([
  Buffer.from("CREATE TABLE x (a INT) COMMENT '"),
  Buffer.of(0xbf, 0x5c, 0x27),
  Buffer.from(" AS SELECT 1 AS b -- '"),
]);

describe('a statement is read as its event says', () => {
  test('in the character set of its client', () => {
    expect(verdict(query(twoFaced, flags2, sqlMode(0), charset(LATIN1_SWEDISH_CI)))).toBe('pass');
    expect(verdict(query(twoFaced, flags2, sqlMode(0), charset(GBK_CHINESE_CI)))).toBe('createSelect');
  });

  test('in its sql_mode', () => {
    const escaped = Buffer.from("CREATE TABLE x (a INT) COMMENT '\\' AS SELECT 1 AS b -- '");
    const latin1 = charset(LATIN1_SWEDISH_CI);
    expect(verdict(query(escaped, flags2, sqlMode(0), latin1))).toBe('pass');
    expect(verdict(query(escaped, flags2, sqlMode(NO_BACKSLASH_ESCAPES), latin1))).toBe('createSelect');
    // A server keeps the mode of the statement before.
    expect(verdict(query(escaped, flags2, latin1))).toBe('createSelect');
  });
});

describe('what servers may take from elsewhere is read in every way', () => {
  const settled = [flags2, sqlMode(0)];
  test.each([
    ['there is no character set', [...settled]],
    ['it is there twice', [...settled, charset(LATIN1_SWEDISH_CI), charset(GBK_CHINESE_CI)]],
    ['it stands behind what not all servers read', [...settled, hrnow, charset(LATIN1_SWEDISH_CI)]],
    [
      'it has no name',
      [...settled, charset(255)].map((part) => (part[0] === 4 ? [4, 0, 9, 0, 9, 0, 9] : part)),
    ],
  ])('where %s', (_, block) => {
    expect(verdict(query(twoFaced, ...block))).toBe('createSelect');
    expect(verdict(query(Buffer.from('CREATE TABLE x (a INT)'), ...block))).toBe('pass');
    expect(verdict(query(Buffer.from("CREATE TABLE x (a INT) COMMENT 'ä'"), ...block))).toBe('pass');
  });
});
