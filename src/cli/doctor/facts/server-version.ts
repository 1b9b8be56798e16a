import { isFrom } from '../../certs/reload.ts';

/** Which server it is. */
export interface ServerVersion {
  /** As it names itself: `9.7.4`. */
  readonly version: string;
  readonly mariadb: boolean;
  readonly number: readonly [number, number, number];
}

/** True from this version of MySQL on; never for MariaDB. */
export function isMysqlFrom(
  { mariadb, number }: ServerVersion,
  from: readonly [number, number, number],
): boolean {
  return !mariadb && isFrom(number, from);
}
