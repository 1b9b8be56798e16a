import { decodeText, encodeText } from '../../charset/index.ts';
import { type ColumnDefinition, type IndexDefinition, plainType } from '../../sql/index.ts';
import { implicitTimestamp } from './implicit-timestamps.ts';
import type { StatementContext } from './statement-context.ts';
import { hasCharset, type TableColumn } from './table.ts';
import { binaryCollation, resolvedCollation, type TextCollation } from './text-collation.ts';

/** A column with its character set and collation, whoever it has them from. */
export function resolved(
  definition: ColumnDefinition,
  table: TextCollation,
  context: StatementContext,
): TableColumn {
  const { key: _key, references: _references, systemVersioning: _versioning, ...kept } = definition;
  const { saysNull: _saysNull, onUpdate: _onUpdate, ...rest } = kept;
  const column = { ...rest, ...implicitTimestamp(definition, context) };
  const { type } = column;
  if (!hasCharset(type.name)) return { ...column, charset: undefined };
  const { charset, collation } = resolvedCollation(type, context, table);
  // Behind a character set, BINARY is its collation, unless COLLATE follows; by itself, it is about whatever comes out.
  const isBinary = type.binaryCollation && (type.charset === undefined || type.collation === undefined);
  return {
    ...column,
    type: { ...type, values: type.values?.map((value) => heldBy(charset, value)) },
    charset,
    collation: isBinary ? binaryCollation(charset) : collation,
  };
}

/** A member as its column has it: letters that the character set has not are question marks there. Of a binary one it is a name. */
const heldBy = (charset: string, value: string): string =>
  charset === 'binary' ? value : decodeText(encodeText(value, charset), charset);

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
  type: plainType('timestamp', { decimals: 6 }),
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

/** What MariaDB adds to a table of these columns that is to have versions: nothing, where some are named for it. */
export const addedPeriod = (columns: readonly Pick<TableColumn, 'period'>[]): readonly TableColumn[] =>
  columns.some(({ period }) => period !== undefined)
    ? []
    : [periodColumn('row_start', 'start'), periodColumn('row_end', 'end')];
