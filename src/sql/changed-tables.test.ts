import { expect, test } from 'vitest';
import { classifyStatement } from './classify.ts';

const changed = (sql: string): string => {
  const { kind, tables } = classifyStatement(Buffer.from(sql), { flavor: 'mysql' });
  return `${kind} ${tables.map(({ schema, table }) => (schema === undefined ? table : `${schema}.${table}`)).join(' ')}`;
};

test.each([
  ['UPDATE t, u SET t.a = 1', 'multiUpdate t'],
  ['UPDATE t, u SET u.a = t.a, t.b = f(1, 2) WHERE t.a = u.a', 'multiUpdate t u'],
  ['UPDATE s.t AS x LEFT JOIN (u y, v) ON (x.a = y.a) SET y.a = 1, v.b = 2', 'multiUpdate u v'],
  ['UPDATE s.t, u SET s.t.a = 1', 'multiUpdate s.t'],
  ['UPDATE s.t PARTITION (p0) x, r.t USE INDEX (i) SET `x`.a = 1', 'multiUpdate s.t'],
  ['UPDATE t STRAIGHT_JOIN u SET u.a = 1 ORDER BY t.a, t.b LIMIT 1', 'multiUpdate u'],
  ['UPDATE (SELECT 1 AS a) d, t x SET x.a = d.a', 'multiUpdate t'],
  ['UPDATE t x, JSON_TABLE(x.j, "$" COLUMNS (a INT PATH "$")) j SET x.a = j.a', 'multiUpdate t'],
  ['WITH c AS (SELECT 1 AS a) UPDATE t JOIN c USING (a) SET t.b = 2', 'multiUpdate t'],
  // What the text does not tell.
  ['UPDATE t, u SET a = 1', 'multiUpdate '],
  ['UPDATE t, u SET t.a = 1, b = 2', 'multiUpdate '],
  ['UPDATE t x, u SET t.a = 1', 'multiUpdate '],
  ['DELETE t FROM t JOIN u', 'multiDelete t'],
  ['DELETE x, u.* FROM s.t AS x JOIN u JOIN v WHERE x.a = u.a', 'multiDelete s.t u'],
  ['DELETE FROM u, s.t.* USING s.t JOIN u', 'multiDelete s.t u'],
  ['DELETE FROM x USING t x', 'multiDelete t'],
  ['DELETE QUICK x FROM (SELECT 1) d, t x', 'multiDelete t'],
  ['DELETE y FROM t x', 'multiDelete '],
  ['DELETE FROM s.t.* USING s.t', 'multiDelete s.t'],
])('%s', (sql, tables) => {
  expect(changed(sql)).toBe(tables);
});
