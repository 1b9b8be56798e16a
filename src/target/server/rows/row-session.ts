import { type Flavor, RowsFlag } from '../../../binlog/index.ts';
import { fractionMode } from '../session/session-settings.ts';
import type { RowZone } from './row-zone.ts';

const STRICT = "'STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'";
/** Takes an ENUM's place 0, and dates that are none. */
const LENIENT = "'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'";

/** Modes that decide what an expression comes to, and what both families call alike. */
const EXPRESSION_MODES: readonly (readonly [bit: bigint, name: string])[] = [
  [0x40n, 'NO_UNSIGNED_SUBTRACTION'],
  [0x80_0000n, 'NO_ZERO_IN_DATE'],
  [0x100_0000n, 'NO_ZERO_DATE'],
  [0x200_0000n, 'ALLOW_INVALID_DATES'],
];

/** How a row is written. */
export interface RowManner {
  /** The server works out generated columns and checks of it. */
  readonly isComputed: boolean;
  /** A strict session refuses it. */
  readonly isIrregular: boolean;
  /** It has dates that no calendar has, or that are zero. */
  readonly hasOddDates: boolean;
}

/** The source's session, as far as its log says. MariaDB's says nothing of it with rows. */
export interface SourceSession {
  readonly flavor: Flavor;
  readonly sqlMode: bigint;
  /** `SYSTEM`, `+02:00`, `Europe/Berlin`; undefined: nothing hangs on it. */
  readonly timeZone?: string | undefined;
}

/**
 * The `sql_mode` that a row is written in. Values are taken as they are, or refused, by a strict session. Where the server works something out
 * of them, a strict one would also refuse what was no more than a warning at the source: there a lenient one computes as the source did, and
 * is asked whether it took the values.
 */
export function rowMode({ isComputed, isIrregular, hasOddDates }: RowManner, source: SourceSession): string {
  if (!isComputed) return isIrregular ? LENIENT : STRICT;
  if (isIrregular || hasOddDates) return LENIENT;
  const modes = EXPRESSION_MODES.filter(([bit]) => (source.sqlMode & bit) !== 0n).map(([, name]) => name);
  return `CONCAT('${['NO_AUTO_VALUE_ON_ZERO', ...modes].join(',')}'${fractionMode(source.sqlMode, source.flavor)})`;
}

/** The session that rows are written by. */
export function rowSession(flags: number, mode: string, zone: RowZone): Readonly<Record<string, string>> {
  const isUnchecked = (flags & (RowsFlag.NO_FOREIGN_KEY_CHECKS | RowsFlag.USE_SQL_FOREIGN_KEY)) !== 0;
  return {
    character_set_client: 'utf8mb4',
    collation_connection: 'utf8mb4_bin',
    sql_mode: mode,
    time_zone: zone.setting,
    foreign_key_checks: isUnchecked ? '0' : '1',
    unique_checks: '1',
    // Of MariaDB alone: MySQL holds every row against its checks.
    check_constraint_checks: (flags & RowsFlag.NO_CHECK_CONSTRAINT_CHECKS) === 0 ? '1' : '0',
  };
}
