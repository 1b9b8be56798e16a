import type { ColumnDefault, ColumnDefinition } from '../../sql/index.ts';
import type { StatementContext } from './statement-context.ts';
import type { TableColumn } from './table.ts';

type Context = Pick<StatementContext, 'explicitDefaultsForTimestamp'>;

const ZERO: ColumnDefault = { kind: 'text', text: '0000-00-00 00:00:00' };

/**
 * What a definition of a TIMESTAMP leaves out and the servers add while `explicit_defaults_for_timestamp` is off, by itself: NOT NULL
 * where NULL is not written, and zero as the default of one that changes with its row.
 */
export function implicitTimestamp(
  { type, generated, period, saysNull, onUpdate, default: given }: ColumnDefinition,
  { explicitDefaultsForTimestamp: isExplicit }: Context,
): Partial<Pick<ColumnDefinition, 'nullable' | 'default'>> {
  const isOther = type.name !== 'timestamp' || generated !== undefined || period !== undefined;
  if (isOther || isExplicit !== false || saysNull === true) return {};
  return { nullable: false, ...(onUpdate === true && given === undefined ? { default: ZERO } : {}) };
}

/** What they add to the TIMESTAMPs of a whole table: without a default, the first is now, and the others are zero. */
export function withImplicitDefaults(
  columns: readonly TableColumn[],
  { explicitDefaultsForTimestamp: isExplicit }: Context,
): readonly TableColumn[] {
  if (isExplicit !== false) return columns;
  const first = columns.find(({ type }) => type.name === 'timestamp');
  return columns.map((column) => {
    const { type, nullable, generated, period, default: given } = column;
    const isPlain = type.name === 'timestamp' && generated === undefined && period === undefined;
    if (!isPlain || nullable || given !== undefined) return column;
    return { ...column, default: column === first ? { kind: 'now', decimals: type.decimals ?? 0 } : ZERO };
  });
}
