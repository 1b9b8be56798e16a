import { JsonInteger, type JsonNode, JsonObject, parseJson, printJson } from '../../binlog/index.ts';
import { ServerError } from '../../errors/index.ts';
import type { SqliteValue } from '../../store/index.ts';
import { type Body, isNull } from './function-body.ts';
import { JsonPath } from './json-path.ts';
import { decimalText, textOf } from './numbers.ts';

/** @param options `decimals`: whether they keep their zeros. @throws ServerError 3141 */
export function documentOf(
  value: SqliteValue,
  call: string,
  argument = 1,
  options?: Parameters<typeof parseJson>[1],
): JsonNode {
  try {
    return parseJson(textOf(value), options);
  } catch {
    throw new ServerError(
      3141,
      '22032',
      `Invalid JSON text in argument ${argument} to function ${call}: "Invalid value." at position 0.`,
    );
  }
}

/** The path of the last call: a query asks the same of every row. */
let lastPath: { readonly text: string; readonly path: JsonPath } | undefined;
export function pathOf(value: SqliteValue): JsonPath {
  const text = textOf(value);
  if (lastPath?.text !== text) lastPath = { text, path: new JsonPath(text) };
  return lastPath.path;
}

/** A value inside a document, as its text. `type` is what the query knows of it. */
function jsonText(value: SqliteValue, type: string, scale: number): string {
  if (value === null) return 'null';
  if (type === 'json') return textOf(value);
  if (type === 'boolean') return Number(value) === 0 ? 'false' : 'true';
  if (type === 'decimal') return decimalText(value, scale);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return type === 'double' ? printJson(value) : String(value);
  return JSON.stringify(textOf(value));
}

/** `[key, text of the value]` pairs as a document: MySQL sorts keys by length, then bytes, the last of equals counts; MariaDB keeps all. */
function objectText(flavor: SqliteValue, members: readonly (readonly [string, string])[]): string {
  const kept = flavor === 'mariadb' ? members : [...new Map(members)].sort(([a], [b]) => byLength(a, b));
  return `{${kept.map(([key, text]) => `${JSON.stringify(key)}: ${text}`).join(', ')}}`;
}

/** How the keys of MySQL's documents stand: by their length, then by their bytes. */
export function byLength(a: string, b: string): number {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length - second.length || Buffer.compare(first, second);
}

/** ER_JSON_DOCUMENT_NULL_KEY */
function keyOf(flavor: SqliteValue, key: SqliteValue): string {
  if (key === null && flavor !== 'mariadb')
    throw new ServerError(3158, '22032', 'JSON documents may not contain NULL member names.');
  return key === null ? '' : textOf(key);
}

/** What a document says that is one value: a text, a number. */
function scalar(node: JsonNode): SqliteValue {
  if (node instanceof JsonInteger) return node.value;
  if (typeof node === 'string' || typeof node === 'number') return node;
  return printJson(node);
}

/** What was collected, in its order. */
const collected = (value: SqliteValue): string[] => JSON.parse(textOf(value)) as string[];

/** MySQL's functions of documents, by the name they have inside: documents go through SQLite as their text. */
export const jsonFunctions: Readonly<Record<string, Body>> = {
  mysql_json: (value = null, type = null, scale = null) => jsonText(value, String(type), Number(scale)),
  mysql_json_value: (value = null) => (value === null ? null : scalar(documentOf(value, 'json_value'))),
  mysql_json_object: (flavor = null, ...values) => {
    const members: [string, string][] = [];
    for (let i = 0; i < values.length; i += 2)
      members.push([keyOf(flavor, values[i] ?? null), textOf(values[i + 1] ?? null)]);
    return objectText(flavor, members);
  },
  mysql_json_array: (...values) => `[${values.map(textOf).join(', ')}]`,
  mysql_json_arrayagg: (flavor = null, values = null) =>
    values === null ? null : `[${collected(values).join(flavor === 'mariadb' ? ',' : ', ')}]`,
  mysql_json_member: (key = null, value = null) =>
    JSON.stringify([key === null ? null : textOf(key), textOf(value)]),
  mysql_json_objectagg: (flavor = null, values = null) => {
    if (values === null) return null;
    const members = collected(values).map((text): [string, string] => {
      const [key, value] = JSON.parse(text) as [string | null, string];
      return [keyOf(flavor, key), value];
    });
    return flavor === 'mariadb'
      ? objectText(flavor, members).replaceAll('": ', '":')
      : objectText(flavor, members);
  },
  mysql_json_extract: (document = null, ...paths) => {
    if (isNull(document, ...paths)) return null;
    const node = documentOf(document, 'json_extract');
    const known = paths.map(pathOf);
    const found = known.flatMap((path) => path.find(node));
    if (found.length === 0) return null;
    const isMany = known.length > 1 || known.some((path) => path.isMany);
    return printJson(isMany ? found : found[0]!);
  },
  mysql_json_unquote: (value = null) => {
    if (value === null) return null;
    const text = textOf(value);
    if (!/^".*"$/s.test(text)) return text;
    return textOf(scalar(documentOf(text, 'json_unquote')));
  },
  mysql_json_valid: (value = null) => {
    if (value === null) return null;
    try {
      parseJson(textOf(value));
      return 1n;
    } catch {
      return 0n;
    }
  },
  mysql_json_length: (document = null, path = '$') => {
    if (document === null || path === null) return null;
    const [found] = pathOf(path).find(documentOf(document, 'json_length'));
    if (found === undefined) return null;
    if (found instanceof JsonObject) return BigInt(found.entries.length);
    return Array.isArray(found) ? BigInt(found.length) : 1n;
  },
};
