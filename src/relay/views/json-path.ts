import { type JsonNode, JsonObject } from '../../binlog/index.ts';
import { ServerError } from '../../errors/index.ts';

export type JsonLeg =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'members' | 'cells' }
  | { readonly kind: 'cell'; readonly from: number; readonly to: number };

/** ER_INVALID_JSON_PATH */
const wrongPath = (at: number): ServerError =>
  new ServerError(
    3143,
    '42000',
    `Invalid JSON path expression. The error is around character position ${at}.`,
  );

const LEG =
  /\s*(?:\.\s*(?:(\*)|([\p{L}_$][\p{L}\d_$]*)|("(?:[^"\\]|\\.)*"))|\[\s*(?:(\*)|(last\s*-\s*\d+|last|\d+)(?:\s+to\s+(last\s*-\s*\d+|last|\d+))?)\s*\])/uy;

/** Where a cell is counted from the end: `last` is -1. */
const place = (text: string): number =>
  text.startsWith('last') ? -1 - Number(/\d+/.exec(text)?.[0] ?? 0) : Number(text);

/** `$.name[0]."other name".*[*][last]` @throws ServerError 3143 */
export class JsonPath {
  readonly legs: readonly JsonLeg[];
  /** Whether it may find several values. */
  readonly isMany: boolean;

  constructor(text: string) {
    const legs: JsonLeg[] = [];
    let at = /^\s*\$/.exec(text)?.[0].length ?? 0;
    if (at === 0) throw wrongPath(1);
    while (text.slice(at).trim() !== '') {
      LEG.lastIndex = at;
      const found = LEG.exec(text);
      if (found === null) throw wrongPath(at + 1);
      const [, members, word, quoted, cells, from, to] = found;
      at = LEG.lastIndex;
      if (members !== undefined) legs.push({ kind: 'members' });
      else if (cells !== undefined) legs.push({ kind: 'cells' });
      else if (from !== undefined) legs.push({ kind: 'cell', from: place(from), to: place(to ?? from) });
      else legs.push({ kind: 'member', name: word ?? (JSON.parse(quoted!) as string) });
    }
    this.legs = legs;
    this.isMany = legs.some(
      ({ kind, ...leg }) => kind.endsWith('s') || ('from' in leg && leg.from !== leg.to),
    );
  }

  find(node: JsonNode): JsonNode[] {
    let found: JsonNode[] = [node];
    for (const leg of this.legs) found = found.flatMap((one) => behind(one, leg));
    return found;
  }
}

function behind(node: JsonNode, leg: JsonLeg): readonly JsonNode[] {
  if (leg.kind === 'member' || leg.kind === 'members') {
    if (!(node instanceof JsonObject)) return [];
    const { name } = leg as { name?: string };
    return node.entries.filter(([key]) => name === undefined || key === name).map(([, value]) => value);
  }
  // What is no array is one cell.
  const cells = Array.isArray(node) ? (node as readonly JsonNode[]) : leg.kind === 'cell' ? [node] : [];
  if (leg.kind !== 'cell') return cells;
  const [from, to] = [leg.from, leg.to].map((at) => (at < 0 ? cells.length + at : at)) as [number, number];
  return cells.slice(Math.max(0, from), to < 0 ? 0 : to + 1);
}
