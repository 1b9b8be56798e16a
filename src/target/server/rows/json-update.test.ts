import { expect, test } from 'vitest';
import { type JsonDiff, JsonDocument, JsonInteger, JsonObject } from '../../../binlog/index.ts';
import { jsonExpression } from './json-expression.ts';
import { jsonUpdate } from './json-update.ts';

/** With its texts to be read. */
const legible = (sql: string): string =>
  sql.replaceAll(
    /_utf8mb4 x'([0-9a-f]+)'/g,
    (_all, hex: string) => `‹${Buffer.from(hex, 'hex').toString()}›`,
  );

const expression = (document: JsonDocument, isAssigned = true): string =>
  legible(jsonExpression(document.node, isAssigned));

test('a document that its text makes again is that text', () => {
  const document = JsonDocument.parse('{"a": [1, 1.5, "1.50", 4294967296, null, true, -1]}');
  expect(expression(document)).toBe(`‹${document.text}›`);
  expect(expression(document, false)).toBe(`CAST(‹${document.text}› AS JSON)`);
});

test('what JSON text has no words for is put in by an expression', () => {
  const decimals = JsonDocument.parsePrinted('{"a": [1, 1.50], "b\\"c": 1.5}');
  expect(expression(decimals)).toBe(
    'JSON_REPLACE(CAST(‹{"a": [1, null], "b\\"c": 1.5}› AS JSON),‹$."a"[1]›,1.50)',
  );
  const integers = JsonDocument.of([new JsonInteger(5, true), new JsonInteger(2n ** 40n, false)]);
  expect(expression(integers)).toBe(
    'JSON_REPLACE(CAST(‹[null, null]› AS JSON),‹$[0]›,CAST(5 AS UNSIGNED),‹$[1]›,CAST(1099511627776 AS SIGNED))',
  );
});

test('a decimal without digits behind its point is none without the point', () => {
  const document = JsonDocument.parsePrinted('98765432109876543210987654321');
  expect(expression(document)).toBe('JSON_REPLACE(CAST(‹null› AS JSON),‹$›,98765432109876543210987654321.)');
});

test('numbers that MySQL printed print alike, whatever they were', () => {
  const text =
    '[1.50, 1.5, 1.0, 1e20, -0.0, 0.10, -98765432109876543210.5, 5e-324, 12345678901234567890123, 0.000]';
  expect(JsonDocument.parsePrinted(text).text).toBe(text);
});

const replace = (at: number): JsonDiff => ({
  operation: 'replace',
  path: `$[${at}]`,
  value: JsonDocument.of(new JsonObject([])),
});

test('one step alone is told from whether the document has its place', () => {
  const { made, fits } = jsonUpdate('j', [{ operation: 'remove', path: '$.a', value: undefined }]);
  expect(legible(made)).toBe('JSON_REMOVE(j,‹$."a"›)');
  expect(legible(fits)).toBe(`JSON_CONTAINS_PATH(j,'one',‹$."a"›)`);
});

test('no step at all leaves the document that has to be there', () => {
  expect(jsonUpdate('j', [])).toEqual({ made: 'j', fits: 'j IS NOT NULL' });
});

test('of several steps each is computed once, and no more tables are joined than MySQL can', () => {
  const { made } = jsonUpdate(
    'j',
    Array.from({ length: 150 }, (_, at) => replace(at)),
  );
  expect(made.match(/JSON_REPLACE/g)).toHaveLength(150);
  expect(made.match(/\bd59\b/g)!.length).toBeGreaterThan(1);
  expect(made).not.toMatch(/\bd60\b/);
});
