import { describe, expect, it } from 'vitest';
import { MysqlGtidSet } from './mysql-gtid-set.ts';
import { badGtidSets, goodGtidSets } from './mysql-gtid-set-text.cases.ts';

const A = '11111111-1111-1111-1111-111111111111';
const B = '22222222-2222-2222-2222-222222222222';

describe('text of a MySQL GTID set', () => {
  it.each(badGtidSets)('%j is refused in the words of mysqlbinlog', (text, message) => {
    expect(() => MysqlGtidSet.parse(text)).toThrow(expect.objectContaining({ code: 'USAGE', message }));
  });

  it.each(goodGtidSets)('%j is taken, and its canonical text means the same', (text) => {
    const set = MysqlGtidSet.parse(text);
    expect(MysqlGtidSet.parse(set.format()).equals(set)).toBe(true);
  });

  it('is canonical: uuids and tags ascending, untagged first, neighbours merged', () => {
    const set = MysqlGtidSet.parse(`${B}:1,${A}:9:b:3, ${A}:a:5:1-3:4, ${A}:7-8`);
    expect(set.format()).toBe(`${A}:7-9:a:1-5:b:3,\n${B}:1`);
    expect(set.format(',')).toBe(`${A}:7-9:a:1-5:b:3,${B}:1`);
  });

  it('folds the case of uuids and tags', () => {
    const set = MysqlGtidSet.parse('ABCDEF00-1111-1111-1111-111111111111:MyTag:1');
    expect(set.format()).toBe('abcdef00-1111-1111-1111-111111111111:mytag:1');
  });

  it('drops a uuid without intervals and an interval that ends before it starts', () => {
    expect(MysqlGtidSet.parse(`${A},${B}:5-3:tag`).isEmpty).toBe(true);
    expect(MysqlGtidSet.parse('').format()).toBe('');
  });
});
