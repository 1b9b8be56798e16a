import type { Flavor } from '../charset/index.ts';

/** Bits of `sql_mode`: MySQL's TIME_TRUNCATE_FRACTIONAL, MariaDB's TIME_ROUND_FRACTIONAL. */
const OTHERWISE: Readonly<Record<Flavor, bigint>> = { mysql: 1n << 32n, mariadb: 1n << 34n };

/** Whether a session rounds fractions of a second that a type has no room for: MySQL does and MariaDB cuts them off, unless told otherwise. */
export const roundsFractions = (sqlMode: bigint, flavor: Flavor): boolean =>
  (flavor === 'mysql') === ((sqlMode & OTHERWISE[flavor]) === 0n);
