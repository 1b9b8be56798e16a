import { JsonInteger, type JsonNode, JsonObject, parseJson, printJson } from '../../binlog/index.ts';
import { ServerError } from '../../errors/index.ts';
import { notSupported } from '../../sql/index.ts';
import type { SqliteValue } from '../../store/index.ts';
import { type Body, isNull } from './function-body.ts';
import { documentOf, pathOf } from './json-functions.ts';
import { MOST, textOf, whole } from './numbers.ts';
import { countedSteps, type Step } from './steps.ts';

const isArray = (node: JsonNode): node is readonly JsonNode[] => Array.isArray(node);
const isNumber = (node: JsonNode): node is number | JsonInteger =>
  typeof node === 'number' || node instanceof JsonInteger;
const numberIn = (node: number | JsonInteger): number | bigint =>
  typeof node === 'number' ? node : node.value;

/** What may hold of two values. */
type Relation = (a: JsonNode, b: JsonNode, step: Step) => boolean;

/** Numbers are alike by their value, objects whatever the order of their keys. */
function isEqual(a: JsonNode, b: JsonNode, step: Step): boolean {
  step();
  // oxlint-disable-next-line eqeqeq -- a number and a bigint of one value
  if (isNumber(a) && isNumber(b)) return numberIn(a) == numberIn(b);
  if (isArray(a) && isArray(b))
    return a.length === b.length && a.every((each, i) => isEqual(each, b[i]!, step));
  if (!(a instanceof JsonObject && b instanceof JsonObject))
    return !isNumber(a) && !isNumber(b) && printJson(a) === printJson(b);
  return (
    a.entries.length === b.entries.length && a.entries.every((entry) => hasMember(b, entry, isEqual, step))
  );
}

const hasMember = (
  object: JsonObject,
  [key, value]: JsonObject['entries'][number],
  holds: Relation,
  step: Step,
): boolean =>
  object.entries.some(([name, there]) => {
    step();
    return name === key && holds(there, value, step);
  });

/** JSON_CONTAINS: all of an array, all members of an object, or what is equal. */
function contains(target: JsonNode, wanted: JsonNode, step: Step): boolean {
  step();
  if (isArray(target))
    return isArray(wanted)
      ? wanted.every((one) => target.some((each) => contains(each, one, step)))
      : target.some((each) => contains(each, wanted, step));
  if (target instanceof JsonObject && wanted instanceof JsonObject)
    return wanted.entries.every((entry) => hasMember(target, entry, contains, step));
  return !isArray(wanted) && isEqual(target, wanted, step);
}

/** JSON_OVERLAPS: something in common. */
function overlaps(a: JsonNode, b: JsonNode, step: Step): boolean {
  if (isArray(a) && isArray(b)) return a.some((one) => b.some((other) => isEqual(one, other, step)));
  if (isArray(a)) return a.some((one) => isEqual(one, b, step));
  if (isArray(b)) return overlaps(b, a, step);
  if (a instanceof JsonObject && b instanceof JsonObject)
    return a.entries.some((entry) => hasMember(b, entry, isEqual, step));
  return isEqual(a, b, step);
}

function typeOf(node: JsonNode): string {
  if (node === null) return 'NULL';
  if (typeof node === 'boolean') return 'BOOLEAN';
  if (typeof node === 'string') return 'STRING';
  if (typeof node === 'number') return 'DOUBLE';
  if (node instanceof JsonInteger) return BigInt(node.value) > MOST ? 'UNSIGNED INTEGER' : 'INTEGER';
  return isArray(node) ? 'ARRAY' : 'OBJECT';
}

const depthOf = (node: JsonNode): number => {
  const parts = isArray(node)
    ? node
    : node instanceof JsonObject
      ? node.entries.map(([, value]) => value)
      : [];
  return 1 + parts.reduce((most: number, part) => Math.max(most, depthOf(part)), 0);
};

const truth = (is: boolean): bigint => (is ? 1n : 0n);

/** What a path finds first in a document. */
function found(value: SqliteValue, path: SqliteValue, call: string): JsonNode | undefined {
  const document = documentOf(value, call);
  return path === null ? undefined : pathOf(path).find(document)[0];
}

/** What is an error in MariaDB, too: ER_NOT_SUPPORTED_YET and ER_QUERY_TIMEOUT. */
const ERRORS: ReadonlySet<number> = new Set([1235, 3024]);

/** MariaDB has no errors of documents: they are NULL, with a warning, or what is said. */
const lenient =
  (body: Body, wrong: SqliteValue = null): Body =>
  (flavor = null, ...values) => {
    try {
      return body(flavor, ...values);
    } catch (error) {
      if (flavor === 'mariadb' && error instanceof ServerError && !ERRORS.has(error.errno)) return wrong;
      throw error;
    }
  };

/** A call of two documents, the first of them perhaps by a path in it. */
const ofTwo = (call: string, holds: Relation, wrong: SqliteValue = null): Body =>
  lenient((flavor = null, value = null, other = null, path: SqliteValue = '$') => {
    if (value === null || other === null || path === null) return null;
    const target = found(value, path, call);
    const wanted = documentOf(other, call, 2);
    // MariaDB looks for arrays in arrays in a way of its own.
    if (flavor === 'mariadb' && isArray(wanted) && wanted.some(isArray))
      throw notSupported(`${call} of arrays in arrays`);
    if (target === undefined) return flavor === 'mariadb' ? 0n : null;
    return truth(holds(target, wanted, countedSteps()));
  }, wrong);

/** To JSON_VALUE what is no document holds nothing; decimals keep their zeros. */
function valueIn(value: SqliteValue, path: SqliteValue): JsonNode | undefined {
  let document: JsonNode;
  try {
    document = parseJson(textOf(value), { decimals: true });
  } catch {
    return undefined;
  }
  return pathOf(path).find(document)[0];
}

/** A value that a path finds, as a text; what is made of parts has one in MySQL alone. */
function valueAt(flavor: SqliteValue, value: SqliteValue, path: SqliteValue): SqliteValue {
  const node = valueIn(value, path);
  if (node === undefined || node === null) return null;
  if (typeof node === 'string') return node;
  if (flavor === 'mariadb') {
    if (isArray(node) || node instanceof JsonObject) return null;
    if (typeof node === 'boolean') return node ? '1' : '0';
  }
  return printJson(node);
}

/** What documents hold, by the name these functions have inside. */
export const jsonContents: Readonly<Record<string, Body>> = {
  mysql_json_type: lenient((flavor = null, value = null) => {
    if (value === null) return null;
    const type = typeOf(documentOf(value, 'json_type'));
    return flavor === 'mariadb' ? type.replace('UNSIGNED ', '') : type;
  }),
  mysql_json_depth: lenient((_flavor = null, value = null) =>
    value === null ? null : whole(depthOf(documentOf(value, 'json_depth'))),
  ),
  mysql_json_quote: (value = null) => (value === null ? null : printJson(textOf(value))),
  mysql_json_contains: ofTwo('json_contains', contains),
  mysql_json_overlaps: ofTwo('json_overlaps', overlaps, 0n),
  mysql_json_member_of: (value = null, list = null) => {
    if (value === null || list === null) return null;
    const there = documentOf(list, 'member of', 2);
    const wanted = parseJson(textOf(value));
    const step = countedSteps();
    const values = isArray(there) ? there : [there];
    return truth(values.some((each) => isEqual(each, wanted, step)));
  },
  mysql_json_contains_path: lenient((_flavor = null, value = null, how = null, ...paths) => {
    if (isNull(value, how, ...paths)) return null;
    const word = textOf(how).toLowerCase();
    // ER_JSON_BAD_ONE_OR_ALL_ARG
    if (word !== 'one' && word !== 'all')
      throw new ServerError(
        3154,
        '42000',
        "The oneOrAll argument to json_contains_path may take these values: 'one' or 'all'.",
      );
    const document = documentOf(value, 'json_contains_path');
    const finds = (path: SqliteValue): boolean => pathOf(path).find(document).length > 0;
    return truth(word === 'one' ? paths.some(finds) : paths.every(finds));
  }),
  mysql_json_keys: (value = null, path: SqliteValue = '$') => {
    if (value === null) return null;
    const node = found(value, path, 'json_keys');
    return node instanceof JsonObject ? printJson(node.entries.map(([key]) => key)) : null;
  },
  mysql_json_scalar: lenient((flavor = null, value = null, path = null) =>
    value === null || path === null ? null : valueAt(flavor, value, path),
  ),
};
