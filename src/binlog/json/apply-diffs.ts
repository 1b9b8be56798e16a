import { FormatError } from '../../errors/index.ts';
import type { JsonDiff } from './diff.ts';
import { JsonDocument } from './document.ts';
import { type JsonNode, JsonObject } from './node.ts';
import { type JsonLeg, jsonLegs } from './path.ts';

function misfit(): FormatError {
  return new FormatError('a JSON diff names a place that the document before does not have');
}

function change(node: JsonNode, legs: readonly JsonLeg[], { operation, value }: JsonDiff): JsonNode {
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
  rest: readonly JsonLeg[],
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

function changeObject(
  { entries }: JsonObject,
  key: string,
  rest: readonly JsonLeg[],
  diff: JsonDiff,
): JsonNode {
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
  for (const diff of diffs) node = change(node, jsonLegs(diff.path), diff);
  return JsonDocument.of(node);
}
