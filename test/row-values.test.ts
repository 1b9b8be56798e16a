import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  type Column,
  ColumnCode,
  type ColumnValue,
  type JsonDocument,
  jsonText,
} from '../src/binlog/index.ts';
import { openLog } from '../src/library/index.ts';

const corpus = join(import.meta.dirname, 'corpus');

/** Every `@1=…` that `mysqlbinlog -v` printed. */
function printedValues(golden: string): string[] {
  const path = join(corpus, golden);
  const text = existsSync(path)
    ? readFileSync(path, 'utf8')
    : gunzipSync(readFileSync(`${path}.gz`)).toString();
  return [...text.matchAll(/^### {3}(@\d+=.*)$/gm)].map((match) => match[1]!);
}

const quoted = (value: ColumnValue): string => `'${value as string}'`;

function seconds(value: ColumnValue): string {
  const [text = '', fraction] = (value as string).split('.');
  const whole = text.startsWith('0000') ? 0 : Date.parse(`${text.replace(' ', 'T')}Z`) / 1000;
  return fraction === undefined ? String(whole) : `${whole}.${fraction}`;
}

const jsonEscapes: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
  "'": "\\'",
};

function printedJson(value: ColumnValue): string {
  const text = jsonText((value as JsonDocument).bytes, { quoted: false });
  const escaped = Array.from(text, (character) => {
    const short = jsonEscapes[character];
    if (short !== undefined || character >= ' ') return short ?? character;
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `'${escaped.join('')}'`;
}

/** How `mysqlbinlog -v` dresses a value that we read. */
const dressed: Readonly<Record<number, (value: ColumnValue) => string>> = {
  [ColumnCode.LONG]: String,
  [ColumnCode.NEWDECIMAL]: String,
  [ColumnCode.TIME2]: quoted,
  [ColumnCode.DATETIME2]: quoted,
  [ColumnCode.DATE]: (value) => quoted(value).replaceAll('-', ':'),
  [ColumnCode.YEAR]: (value) => String(value as number).padStart(4, '0'),
  [ColumnCode.TIMESTAMP2]: seconds,
  [ColumnCode.JSON]: printedJson,
};

test.each(['types-decimal', 'types-time', 'types-json'])(
  'values of %s are those of mysqlbinlog',
  async (name) => {
    const expected = printedValues(`mysql97/golden/${name}.v.txt`);
    const log = await openLog(join(corpus, `mysql97/${name}.binlog`));
    const values: string[] = [];
    const add = (column: Column, value: ColumnValue | undefined): void => {
      if (value === undefined) return;
      values.push(`@${column.index + 1}=${value === null ? 'NULL' : dressed[column.code]!(value)}`);
    };
    for (let event = log.next(); event !== undefined; event = log.next()) {
      const body = log.decode(event);
      const rows = log.rows(event);
      if (rows === undefined || body.kind !== 'rows') continue;
      const { columns } = log.table(body.tableId)!;
      while (rows.next()) {
        for (const image of [rows.before, rows.after]) {
          if (image !== undefined) columns.forEach((column, index) => add(column, image[index]));
        }
      }
    }
    expect(values.length).toBeGreaterThan(50);
    expect(values).toEqual(expected);
  },
);
