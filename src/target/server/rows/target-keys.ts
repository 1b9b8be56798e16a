/** A column of an index. */
export interface KeyPart {
  /** Of the table's columns. */
  readonly index: number;
  /** Of so many characters at its beginning; undefined: the whole column. */
  readonly prefix: number | undefined;
}

/** An index that holds no two equal rows, unless a column of theirs is NULL. */
export interface UniqueIndex {
  readonly parts: readonly KeyPart[];
  readonly isNullable: boolean;
}

/** What is needed of a column. */
interface NamedColumn {
  readonly name: string;
  readonly isGenerated: boolean;
}

/**
 * The unique indexes of a table, without those on expressions.
 *
 * @param rows of information_schema.statistics, in order: index, column, whether it may be NULL, length of the prefix
 */
export function uniqueIndexes(
  columns: readonly NamedColumn[],
  rows: readonly (readonly (string | undefined)[])[],
): readonly UniqueIndex[] {
  const found = new Map<string, { parts: KeyPart[]; isNullable: boolean }>();
  for (const [name = '', column, nullable, prefix] of rows) {
    const unique = found.get(name) ?? { parts: [], isNullable: false };
    found.set(name, unique);
    unique.parts.push({
      index: columns.findIndex((one) => one.name === column),
      prefix: prefix === undefined ? undefined : Number(prefix),
    });
    unique.isNullable ||= nullable === 'YES';
  }
  return [...found.values()].filter(({ parts }) => parts.every(({ index }) => index >= 0));
}

/** The first index, the primary key if there is one, whose columns are whole, never NULL and kept. */
export function keyOf(
  columns: readonly NamedColumn[],
  uniques: readonly UniqueIndex[],
): readonly number[] | undefined {
  return uniques
    .find(
      ({ parts, isNullable }) =>
        !isNullable &&
        parts.every(({ index, prefix }) => prefix === undefined && !columns[index]!.isGenerated),
    )
    ?.parts.map(({ index }) => index);
}
