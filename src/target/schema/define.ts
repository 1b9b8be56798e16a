import { charsetOfCollationName } from '../../charset/index.ts';
import type { ColumnDefinition, IndexDefinition } from '../../sql/index.ts';
import { hasCharset, type TableColumn } from './table.ts';

/** The character set that a definition means; a collation names one too. */
export function charsetOf({
  charset,
  collation,
}: {
  readonly charset: string | undefined;
  readonly collation: string | undefined;
}): string | undefined {
  if (charset !== undefined && charset !== 'default') return canonical(charset);
  return collation === undefined ? undefined : charsetOfCollationName(collation)?.name;
}

/** `utf8` is what servers call utf8mb3. */
const canonical = (charset: string): string => (charset === 'utf8' ? 'utf8mb3' : charset);

/** A column with its character set, whoever it has it from. */
export function resolved(
  { key: _key, references: _references, systemVersioning: _versioning, ...column }: ColumnDefinition,
  tableCharset: string,
): TableColumn {
  const charset = hasCharset(column.type.name) ? (charsetOf(column.type) ?? tableCharset) : undefined;
  return { ...column, charset };
}

/** The index that a column declares for itself. */
export function ownIndex({ name, key }: ColumnDefinition): IndexDefinition[] {
  if (key === undefined) return [];
  const parts = [{ column: name, prefix: undefined, descending: false }];
  return [{ kind: key, name: key === 'primary' ? undefined : name, parts, withoutOverlaps: false }];
}

/** Columns of the primary key hold no NULL, whatever their definition says. */
export function withKeys<Column extends { readonly name: string; readonly nullable: boolean }>(
  columns: readonly Column[],
  indexes: readonly IndexDefinition[],
): Column[] {
  const primary = new Set(
    indexes
      .filter(({ kind }) => kind === 'primary')
      .flatMap(({ parts }) => parts.map(({ column }) => column?.toLowerCase())),
  );
  return columns.map((column) =>
    primary.has(column.name.toLowerCase()) ? { ...column, nullable: false } : column,
  );
}

const periodColumn = (name: string, period: 'start' | 'end'): TableColumn => ({
  name,
  type: {
    name: 'timestamp',
    length: undefined,
    decimals: 6,
    unsigned: false,
    zerofill: false,
    values: undefined,
    charset: undefined,
    collation: undefined,
    binaryCollation: false,
  },
  nullable: false,
  default: undefined,
  autoIncrement: false,
  generated: undefined,
  invisible: true,
  period,
  unnamed: true,
  comment: '',
  charset: undefined,
});

/** What MariaDB adds to a table WITH SYSTEM VERSIONING that names no columns for it. */
export const PERIOD_COLUMNS: readonly TableColumn[] = [
  periodColumn('row_start', 'start'),
  periodColumn('row_end', 'end'),
];
