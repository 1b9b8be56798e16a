import { expect, test } from 'vitest';
import { Column, ColumnCode, type TableMap } from '../../../binlog/index.ts';
import type { Literal } from '../../output/literal.ts';
import { TextOutput } from '../../output/text-output.ts';
import { TableText } from './table-text.ts';

const map: TableMap = {
  kind: 'tableMap',
  tableId: 1,
  flags: 0,
  schema: Buffer.from('x`y'),
  table: Buffer.from('t`'),
  columns: [new Column(0, ColumnCode.LONG, 0)],
  metadata: [],
};

function printed(literal: Literal): string {
  const out = new TextOutput();
  out.literal(literal);
  return out.take().toString('utf8');
}

test('names are quoted, but for a row without columns: the original forgets to there', () => {
  const table = new TableText(map, { verbose: 1, compat: 'better' } as never);
  expect(printed(table.insert)).toBe('### INSERT INTO `x``y`.`t```\n### SET\n');
  expect(printed(table.delete)).toBe('### DELETE FROM `x``y`.`t```\n### WHERE\n');
  expect(printed(table.emptyInsert)).toBe('### INSERT INTO `x`y`.`t`` VALUES ()\n');
});
