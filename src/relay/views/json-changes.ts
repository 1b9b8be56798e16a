import { type JsonNode, JsonObject, parseJson, printJson } from '../../binlog/index.ts';
import { ServerError } from '../../errors/index.ts';
import type { SqliteValue } from '../../store/index.ts';
import { type Body, isNull } from './function-body.ts';
import { byLength, documentOf, pathOf } from './json-functions.ts';
import type { JsonLeg } from './json-path.ts';
import { textOf } from './numbers.ts';

/** What becomes of the value at a path; undefined: there is none. An undefined result: there is none any more. */
type Change = (before: JsonNode | undefined) => JsonNode | undefined;

const objectOf = (entries: readonly (readonly [string, JsonNode])[]): JsonObject =>
  new JsonObject([...entries].sort(([a], [b]) => byLength(a, b)));

/** A document with the value at the legs changed, where there is a place for it. */
function changed(node: JsonNode, legs: readonly JsonLeg[], change: Change): JsonNode | undefined {
  const [leg, ...rest] = legs;
  if (leg === undefined) return change(node);
  if (leg.kind === 'member') return ofMember(node, leg.name, rest, change);
  if (leg.kind !== 'cell') return node;
  return ofCell(node, leg.from, rest, change);
}

/** Behind the last leg there may be nothing yet; before it there has to be something. */
const inner = (
  before: JsonNode | undefined,
  rest: readonly JsonLeg[],
  change: Change,
): JsonNode | undefined =>
  before === undefined ? (rest.length === 0 ? change(undefined) : undefined) : changed(before, rest, change);

function ofMember(node: JsonNode, name: string, rest: readonly JsonLeg[], change: Change): JsonNode {
  if (!(node instanceof JsonObject)) return node;
  const before = node.entries.find(([key]) => key === name)?.[1];
  const after = inner(before, rest, change);
  const others = node.entries.filter(([key]) => key !== name);
  return objectOf(after === undefined ? others : [...others, [name, after]]);
}

function ofCell(node: JsonNode, at: number, rest: readonly JsonLeg[], change: Change): JsonNode | undefined {
  if (!Array.isArray(node)) {
    // What is no array is its own only cell; behind that it becomes an array.
    if (at === 0 || at === -1) return changed(node, rest, change);
    const more = inner(undefined, rest, change);
    return more === undefined ? node : at > 0 ? [node, more] : [more, node];
  }
  const cells = node as readonly JsonNode[];
  const place = at < 0 ? cells.length + at : at;
  const after = inner(cells[place], rest, change);
  if (place < 0) return after === undefined ? node : [after, ...cells];
  if (place >= cells.length) return after === undefined ? node : [...cells, after];
  return after === undefined ? cells.toSpliced(place, 1) : cells.with(place, after);
}

/** The legs of a path that stands for one place. @throws ServerError 3149 */
function legsOf(path: SqliteValue): readonly JsonLeg[] {
  const { legs, isMany } = pathOf(path);
  if (isMany)
    throw new ServerError(
      3149,
      '42000',
      'In this situation, path expressions may not contain the * and ** tokens or an array range.',
    );
  return legs;
}

/** A document whose decimals keep their zeros. */
const keptDocument = (value: SqliteValue, call: string, argument = 1): JsonNode =>
  documentOf(value, call, argument, { decimals: true });

/** JSON_SET and its kin: the paths and the values, which are documents, one after the other. */
const setting =
  (call: string, choose: (before: JsonNode | undefined, value: JsonNode) => JsonNode | undefined): Body =>
  (value = null, ...pairs) => {
    if (value === null || pairs.some((each, i) => i % 2 === 0 && each === null)) return null;
    let document = keptDocument(value, call);
    for (let i = 0; i < pairs.length; i += 2) {
      const wanted = parseJson(textOf(pairs[i + 1] ?? 'null'), { decimals: true });
      const after = changed(document, legsOf(pairs[i]!), (before) => choose(before, wanted));
      if (after !== undefined) document = after;
    }
    return printJson(document);
  };

/** RFC 7396: members that are null are taken away. */
function patched(target: JsonNode, patch: JsonNode): JsonNode {
  if (!(patch instanceof JsonObject)) return patch;
  const before = target instanceof JsonObject ? target.entries : [];
  const kept = before.filter(([key]) => !patch.entries.some(([name]) => name === key));
  const added = patch.entries.flatMap(([key, value]): (readonly [string, JsonNode])[] => {
    if (value === null) return [];
    const there = before.find(([name]) => name === key)?.[1] ?? null;
    return [[key, patched(there, value)]];
  });
  return objectOf([...kept, ...added]);
}

/** Documents with changes, by the name these functions have inside. */
export const jsonChanges: Readonly<Record<string, Body>> = {
  mysql_json_set: setting('json_set', (_before, value) => value),
  mysql_json_insert: setting('json_insert', (before, value) => (before === undefined ? value : before)),
  mysql_json_replace: setting('json_replace', (before, value) => (before === undefined ? undefined : value)),
  mysql_json_remove: (value = null, ...paths) => {
    if (isNull(value, ...paths)) return null;
    let document = keptDocument(value, 'json_remove');
    for (const path of paths) {
      const legs = legsOf(path);
      // ER_JSON_VACUOUS_PATH
      if (legs.length === 0)
        throw new ServerError(3153, '42000', "The path expression '$' is not allowed in this context.");
      const after = changed(document, legs, () => undefined);
      if (after !== undefined) document = after;
    }
    return printJson(document);
  },
  mysql_json_merge_patch: (...values) => {
    if (isNull(...values)) return null;
    const [first, ...rest] = values.map((value, i) => keptDocument(value, 'json_merge_patch', i + 1));
    return printJson(rest.reduce<JsonNode>(patched, first!));
  },
};
