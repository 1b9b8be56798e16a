import { expect, test } from 'vitest';
import { parseTableStatement } from '../../../sql/index.ts';
import { Catalog, contextOfText } from '../../schema/index.ts';
import { settledDefault } from './settled-default.ts';

function settled(definition: string): unknown {
  const catalog = new Catalog();
  const sql = Buffer.from(`CREATE TABLE t (c ${definition})`);
  catalog.follow(parseTableStatement(sql), contextOfText('s', 'mysql'));
  return settledDefault(catalog.get('s', 't')!.columns[0]!);
}

test.each([
  ["TEXT DEFAULT ('')", { kind: 'text', text: '' }],
  ["TEXT DEFAULT (_utf8mb4'a b')", { kind: 'text', text: 'a b' }],
  ["TEXT DEFAULT (( 'a' ))", { kind: 'text', text: 'a' }],
  ['JSON DEFAULT (JSON_OBJECT())', { kind: 'text', text: '{}' }],
  ["JSON DEFAULT ('[]')", { kind: 'text', text: '[]' }],
  ['JSON DEFAULT (NULL)', { kind: 'null' }],
  ['TEXT DEFAULT (JSON_ARRAY())', { kind: 'text', text: '[]' }],
  ['INT DEFAULT (-5)', { kind: 'literal', text: '-5' }],
  ['INT DEFAULT (NULL)', { kind: 'null' }],
  ['DATETIME(3) DEFAULT (NOW(3))', { kind: 'now', decimals: 3 }],
  ['DATETIME DEFAULT (CURRENT_TIMESTAMP)', { kind: 'now', decimals: 0 }],
])('%s is one value', (definition, value) => {
  expect(settled(definition)).toEqual(value);
});

test.each([
  'VARCHAR(36) DEFAULT (UUID())',
  "TEXT DEFAULT ('a\\tb')",
  "TEXT DEFAULT ('it''s')",
  "TEXT DEFAULT (CONCAT('a', 'b'))",
  'INT DEFAULT (1 + 2)',
  `JSON DEFAULT ('{"a":1}')`,
])('%s is for the source to work out', (definition) => {
  expect(settled(definition)).toMatchObject({ kind: 'expression' });
});
