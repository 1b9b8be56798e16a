import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServerError } from '../../errors/index.ts';
import { parseQuery } from './parse-query.ts';
import type { Expression } from './tree.ts';

/** An expression with parentheses around everything that is made of parts. */
function shown(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return expression.text;
    case 'string':
      return `'${expression.value}'`;
    case 'column':
      return expression.path.join('.');
    case 'unary':
      return `(${expression.operator} ${shown(expression.operand)})`;
    case 'binary':
      return `(${shown(expression.left)} ${expression.operator} ${shown(expression.right)})`;
    case 'every':
    case 'some':
      return `(${expression.conditions.map(shown).join(expression.kind === 'every' ? ' AND ' : ' OR ')})`;
    case 'is':
      return `(${shown(expression.operand)} IS ${expression.not ? 'NOT ' : ''}${expression.what})`;
    case 'between':
      return `(${shown(expression.operand)} BETWEEN ${shown(expression.low)} AND ${shown(expression.high)})`;
    case 'collate':
      return `(${shown(expression.operand)} COLLATE ${expression.collation})`;
    case 'interval':
      return `(${shown(expression.date)} ${expression.sign} ${shown(expression.amount)} ${expression.unit})`;
    case 'call':
      return `${expression.name}(${expression.values.map(shown).join(', ')})`;
    default:
      return expression.kind;
  }
}

function parsed(text: string): string {
  const { first } = parseQuery(`SELECT ${text}`);
  if (first.kind !== 'select' || first.items[0]?.kind !== 'value') throw new Error('no expression');
  return shown(first.items[0].value);
}

describe('an expression', () => {
  it.each([
    ['1 + 2 * 3', '(1 + (2 * 3))'],
    ['1 - 2 - 3', '((1 - 2) - 3)'],
    ['a OR b AND NOT c = d', '(a OR (b AND (NOT (c = d))))'],
    ['a XOR b AND c OR d', '((a XOR (b AND c)) OR d)'],
    ['a || b && !c', '(a OR (b AND (NOT c)))'],
    ['2 ^ 3 * 4 | 1 & 7 << 2', '(((2 ^ 3) * 4) | (1 & (7 << 2)))'],
    ['-2 ^ 2', '((- 2) ^ 2)'],
    ['7 DIV 2 MOD 3 % 4', '(((7 DIV 2) MOD 3) MOD 4)'],
    ['MOD(7, 2) + 1', '(MOD(7, 2) + 1)'],
    ['a = b IS NOT NULL', '((a = b) IS NOT NULL)'],
    ['a BETWEEN 1 AND 2 AND c', '((a BETWEEN 1 AND 2) AND c)'],
    ['NOT a BETWEEN 1 AND 2', '(NOT (a BETWEEN 1 AND 2))'],
    ['d + INTERVAL 1 + 1 DAY > e', '((d + (1 + 1) DAY) > e)'],
    ['INTERVAL 1 DAY + d', '(d + 1 DAY)'],
    ["a COLLATE utf8mb4_bin = 'x' 'y'", "((a COLLATE utf8mb4_bin) = 'xy')"],
    ['BINARY a = b', '((a COLLATE binary) = b)'],
    ['.5 + 1. + 1e-3 + t.1a', '(((.5 + 1.) + 1e-3) + t.1a)'],
    ['a<=>b', '(a <=> b)'],
    ["t.doc->>'$.a'", "JSON_UNQUOTE(JSON_EXTRACT(t.doc, '$.a'))"],
    ['((1))', '1'],
    ['`a b`.`c``d`', 'a b.c`d'],
  ])('%s is %s', (text, tree) => {
    expect(parsed(text)).toBe(tree);
  });
});

describe('a query that does not fit', () => {
  it.each([
    ['SELECT', "near '' at line 1"],
    ['SELECT FROM t', "near 'FROM t' at line 1"],
    ['SELECT 1\nFROM t WHERE', "near '' at line 2"],
    ['SELECT a b c', "near 'c' at line 1"],
    ['SELECT 1 +', "near '' at line 1"],
    ['SELECT (1', "near '' at line 1"],
    ['SELECT 1)', "near ')' at line 1"],
    ["SELECT 'abc", "near ''abc' at line 1"],
    ['SELECT a NOT b', "near 'b' at line 1"],
    ['SELECT 1 IN ()', "near ')' at line 1"],
    ['SELECT count(1,2)', "near ',2)' at line 1"],
    ['SELECT 1 LIMIT -1', "near '-1' at line 1"],
    ['SELECT 1 LIMIT 1.5', "near '1.5' at line 1"],
    ['SELECT group_concat(1 separator 3)', "near '3)' at line 1"],
    ['SELECT 1 UNION', "near '' at line 1"],
    ['SELECT * FROM t JOIN', "near '' at line 1"],
    ['SELECT * FROM t LEFT JOIN u', "near '' at line 1"],
    ['SELECT CAST(1 AS nothing)', "near 'nothing)' at line 1"],
    ['SELECT DATE_ADD(a, INTERVAL 1 FORTNIGHT)', "near 'FORTNIGHT)' at line 1"],
  ])('%s: %s', (text, near) => {
    expect(() => parseQuery(text)).toThrow(near);
  });

  it('names what a relay has not', () => {
    for (const [text, what] of [
      ['SELECT 1 INTO @a', 'INTO'],
      ["SELECT 1 INTO OUTFILE '/tmp/x'", 'INTO'],
      ['SELECT @a := 1', 'assignment in a query'],
      ['SELECT a FROM t GROUP BY a WITH ROLLUP', 'WITH ROLLUP'],
      ['SELECT (1, 2) = ALL (SELECT 2, 3)', '= ALL'],
      ['SELECT 1 FROM LATERAL (SELECT 1) t', 'LATERAL'],
      ["SELECT * FROM JSON_TABLE('[]', '$' COLUMNS (a INT PATH '$')) t", 'JSON_TABLE'],
      ['SELECT 1 EXCEPT ALL SELECT 2', 'EXCEPT ALL'],
      ['TABLE t', 'TABLE'],
    ] as const)
      expect(() => parseQuery(text), text).toThrow(`'${what}'`);
  });
});

describe('the two dialects', () => {
  it('reserve words of their own', () => {
    expect(() => parseQuery('SELECT 1 AS rank')).toThrow("near 'rank'");
    expect(parseQuery('SELECT 1 AS rank', 'mariadb').first).toMatchObject({ items: [{ name: 'rank' }] });
  });

  it('write VALUES with ROW and without', () => {
    expect(parseQuery('VALUES ROW(1, 2), ROW(3, 4)').first).toMatchObject({ kind: 'values' });
    expect(parseQuery('VALUES (1, 2), (3, 4)', 'mariadb').first).toMatchObject({ kind: 'values' });
    expect(() => parseQuery('VALUES (1, 2)')).toThrow("near '(1, 2)'");
  });

  it('take comments that are code for the one or the other', () => {
    expect(() => parseQuery('SELECT 1 /*M! , 2 +*/')).not.toThrow();
    expect(() => parseQuery('SELECT 1 /*M! , 2 +*/', 'mariadb')).toThrow('near');
  });
});

describe('what comes from strangers', () => {
  const times = (text: string, count: number): string => text.repeat(count);
  it.each([
    ['parentheses', `SELECT ${times('(', 20_000)}1${times(')', 20_000)}`],
    ['parentheses that do not end', `SELECT ${times('(', 60_000)}`],
    ['calls', `SELECT ${times('abs(', 12_000)}1${times(')', 12_000)}`],
    ['queries', `${times('SELECT (', 6000)}1${times(')', 6000)}`],
    ['tables', `SELECT * FROM ${times('(', 20_000)}t${times(')', 20_000)}`],
    ['derived tables', `${times('SELECT * FROM (', 3000)}SELECT 1${times(') t', 3000)}`],
    ['CASE', `SELECT ${times('CASE ', 10_000)}1`],
    ['CASE WHEN', `SELECT ${times('CASE WHEN ', 6000)}1`],
    ['intervals', `SELECT 1 ${times('+ INTERVAL 1 ', 4000)}`],
    ['intervals in front', `SELECT ${times('INTERVAL 1 DAY + ', 3000)}1`],
    ['BETWEEN', `SELECT 1 ${times('BETWEEN 1 AND 2 ', 3000)}`],
    ['signs', `SELECT ${times('- ', 30_000)}1`],
    ['NOT', `SELECT ${times('NOT ', 15_000)}1`],
    ['sums', `SELECT 1${times(' + 1', 15_000)}`],
    ['XOR', `SELECT 1${times(' XOR 1', 10_000)}`],
    ['comparisons', `SELECT 1${times(' = 1', 15_000)}`],
    ['joins', `SELECT * FROM t${times(' JOIN t', 9000)}`],
    ['UNION', `SELECT 1${times(' UNION SELECT 1', 4000)}`],
    ['COLLATE', `SELECT 'a'${times(' COLLATE binary', 4000)}`],
    ['WITH', `${times('WITH a AS (', 5000)}SELECT 1${times(') SELECT 1', 5000)}`],
  ])('too many %s within one another are refused', (_what, text) => {
    expect(() => parseQuery(text)).toThrow(ServerError);
  });

  it('may be long where it is not deep', () => {
    const or = `SELECT 1 FROM t WHERE ${Array.from({ length: 8000 }, (_, i) => `a=${i}`).join(' OR ')}`;
    expect(() => parseQuery(or)).not.toThrow();
    expect(() =>
      parseQuery(`SELECT 1 IN (${Array.from({ length: 20_000 }, (_, i) => i).join()})`),
    ).not.toThrow();
  });

  it('is a query or an error of the server', () => {
    const words =
      "SELECT ( ) , . * + - 'a' 1 a b.c FROM t WHERE AND OR NOT CASE WHEN THEN END IN BETWEEN UNION WITH AS ORDER BY LIMIT JOIN ON INTERVAL DAY COUNT( CAST( -> := /*! */".split(
        ' ',
      );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 30 }), (parts) => {
        try {
          parseQuery(parts.join(' '));
        } catch (error) {
          expect(error).toBeInstanceOf(ServerError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
