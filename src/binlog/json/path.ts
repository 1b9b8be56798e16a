import { FormatError } from '../../errors/index.ts';

/** One leg of a JSON path: a member or an element. */
export type JsonLeg = string | number;

/** `$.a."b c"[3]`: a path that names one place, without wildcards. @throws FormatError */
export function jsonLegs(path: string): JsonLeg[] {
  const legs: JsonLeg[] = [];
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

/** The path of such legs, each member in quotes: `$."a"."b c"[3]`. */
export function jsonPath(legs: readonly JsonLeg[]): string {
  return `$${legs.map((leg) => (typeof leg === 'number' ? `[${leg}]` : `.${JSON.stringify(leg)}`)).join('')}`;
}
