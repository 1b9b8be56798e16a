import * as charset from '../../charset/index.ts';

/** The name of a collation as MySQL knows it. */
export function collationName(id: number): string | undefined {
  return charset.collationName(id, 'mysql');
}

/** The name of a collation's character set: what stands before the first underscore. */
export function charsetName(id: number): string | undefined {
  const name = charset.collationName(id, 'mysql');
  if (name === undefined) return undefined;
  const underscore = name.indexOf('_');
  return underscore < 0 ? name : name.slice(0, underscore);
}

/** Most bytes of a character in a collation's character set. */
export function charsetWidth(id: number): number {
  return charset.charsetOfCollation(id, 'mysql')?.maxBytes ?? 1;
}
