/** How a value travels and compares. */
export type ResultKind =
  | 'text'
  | 'integer'
  | 'unsigned'
  | 'double'
  | 'float'
  | 'year'
  | 'datetime'
  | 'timestamp'
  | 'date'
  | 'time'
  | 'decimal'
  | 'blob'
  | 'json';

/** How the values of a column travel. */
export interface ColumnShape {
  readonly kind: ResultKind;
  /** Digits of a second, of dates and times: none where nothing is said. Of doubles, digits behind the point, where they are fixed. */
  readonly decimals?: number;
}

export interface ResultColumn extends ColumnShape {
  readonly name: string;
}

export type ResultValue = string | number | bigint | Uint8Array | null;
export type ResultRow = readonly ResultValue[];

/** What a statement answers. */
export type Answer =
  | { readonly kind: 'ok'; readonly affectedRows?: number; readonly info?: string }
  | {
      readonly kind: 'rows';
      readonly columns: readonly ResultColumn[];
      readonly rows: Iterable<ResultRow> | AsyncIterable<ResultRow>;
    };

export const DONE: Answer = { kind: 'ok' };

const KINDS: Readonly<Record<string, ResultKind>> = {
  '': 'text',
  ':i': 'integer',
  ':u': 'unsigned',
  ':d': 'double',
  ':t': 'datetime',
};

/** `Id:u User Host`: names by blanks, each with `:i` integer, `:u` unsigned, `:d` double, `:t` time behind it, or nothing: text. */
export function columns(text: string): ResultColumn[] {
  return text.split(/\s+/).map((part) => {
    const [, name, kind] = /^(.*?)(:[iudt])?$/.exec(part)!;
    return { name: name!, kind: KINDS[kind ?? '']! };
  });
}

export function rows(
  shape: readonly ResultColumn[],
  values: Iterable<ResultRow> | AsyncIterable<ResultRow>,
): Answer {
  return { kind: 'rows', columns: shape, rows: values };
}
