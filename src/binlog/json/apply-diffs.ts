import { FormatError } from '../../errors/index.ts';
import type { JsonDiff } from './diff.ts';
import { JsonDocument } from './document.ts';
import { type JsonNode, JsonObject } from './node.ts';

/** One leg of a JSON path: a member or an element. */
type Leg = string | number;

/** `$.a."b c"[3]`: the paths of diffs name one place, without wildcards. */
function legsOf(path: string): Leg[] {
  const legs: Leg[] = [];
  const pattern = /\s*(?:\.\s*(?:"((?:[^"\\]|\\.)*)"|([^."[\s]+))|\[\s*(\d+)\s*\])/gy;
  let at = path.startsWith('$') ? 1 : path.length;
  while (at < path.length) {
    pattern.lastIndex = at;
    const found = pattern.exec(path);
    if (found === null) throw new FormatError('the path of a JSON diff is not legal');
    const [whole, quoted, plain, index] = found;
    if (index !== undefined) legs.push(Number(index));
    else legs.push(quoted === undefined ? plain! : (JSON.parse(`"${quoted}"`) as string));
    at += whole.length;
  }
  return legs;
}

function misfit(): FormatError {
  return new FormatError('a JSON diff names a place that the document before does not have');
}

function change(node: JsonNode, legs: readonly Leg[], { operation, value }: JsonDiff): JsonNode {
  const [leg, ...rest] = legs;
  if (leg === undefined) {
    if (operation !== 'replace') throw misfit();
    return value!.node;
  }
  if (typeof leg === 'number' ? !Array.isArray(node) : !(node instanceof JsonObject)) throw misfit();
  return typeof leg === 'number'
    ? changeArray(node as readonly JsonNode[], leg, rest, { operation, value, path: '' })
    : changeObject(node as JsonObject, leg, rest, { operation, value, path: '' });
}

function changeArray(
  elements: readonly JsonNode[],
  index: number,
  rest: readonly Leg[],
  diff: JsonDiff,
): JsonNode {
  const isLast = rest.length === 0;
  if (isLast && diff.operation === 'insert') {
    return [...elements.slice(0, index), diff.value!.node, ...elements.slice(index)];
  }
  if (index >= elements.length) throw misfit();
  if (isLast && diff.operation === 'remove') return elements.filter((_, at) => at !== index);
  return elements.map((element, at) => (at === index ? change(element, rest, diff) : element));
}

function changeObject({ entries }: JsonObject, key: string, rest: readonly Leg[], diff: JsonDiff): JsonNode {
  const isLast = rest.length === 0;
  const at = entries.findIndex(([name]) => name === key);
  if (isLast && diff.operation === 'insert') {
    if (at >= 0) throw misfit();
    return new JsonObject([...entries, [key, diff.value!.node] as const].sort(byKey));
  }
  if (at < 0) throw misfit();
  if (isLast && diff.operation === 'remove')
    return new JsonObject(entries.filter((_, index) => index !== at));
  return new JsonObject(
    entries.map(([name, value], index) => [name, index === at ? change(value, rest, diff) : value] as const),
  );
}

/** The order that MySQL keeps members in. */
function byKey([one]: readonly [string, JsonNode], [other]: readonly [string, JsonNode]): number {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length - b.length || a.compare(b);
}

/** The document that a partial update makes of the one before. @throws FormatError where they do not belong together */
export function applyJsonDiffs(before: JsonDocument, diffs: readonly JsonDiff[]): JsonDocument {
  let { node } = before;
  for (const diff of diffs) node = change(node, legsOf(diff.path), diff);
  return JsonDocument.of(node);
}
