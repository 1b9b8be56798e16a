import type { Flavor } from '../../charset/index.ts';
import type { SqliteValue } from '../../store/index.ts';

/** How a column compares: text without regard to case, as the servers' default collation does, or as a number. */
export type ViewColumnKind = 'text' | 'integer' | 'real' | 'time';

export interface ViewColumn {
  readonly name: string;
  readonly kind: ViewColumnKind;
  /** As information_schema.columns shows it. */
  readonly type: string;
  readonly nullable: boolean;
}

export type ViewRow = readonly SqliteValue[];

/** A table that is made up when somebody reads it. `S`: what its rows are made from. */
export interface View<S> {
  /** Whose server has it; absent: both. */
  readonly flavor?: Flavor;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ViewColumn[];
  rows(source: S): readonly ViewRow[];
}

const KINDS: Readonly<Record<string, ViewColumnKind>> = {
  bigint: 'integer',
  int: 'integer',
  smallint: 'integer',
  tinyint: 'integer',
  double: 'real',
  float: 'real',
  timestamp: 'time',
  datetime: 'time',
};

/** How the values of a column of moments travel: `timestamp(6)`; undefined: it holds something else. */
export function kindOfTime({
  kind,
  type,
}: ViewColumn): { readonly kind: 'timestamp' | 'datetime'; readonly decimals: number } | undefined {
  if (kind !== 'time') return undefined;
  const decimals = Number(/\((\d)\)/.exec(type)?.[1] ?? 0);
  return { kind: type.startsWith('timestamp') ? 'timestamp' : 'datetime', decimals };
}

/** Reads `NAME type, NAME type?, …`: a question mark says that NULL occurs. */
export function columnsOf(text: string): ViewColumn[] {
  return text
    .trim()
    .split(/,\s*(?![^(]*\))/)
    .map((part) => {
      const [name, ...words] = part.trim().split(/\s+/);
      const type = words.join(' ').replace(/\?$/, '');
      const kind = KINDS[/^[a-z]+/.exec(type)?.[0] ?? ''] ?? 'text';
      return { name: name!, type, kind, nullable: part.trim().endsWith('?') };
    });
}
