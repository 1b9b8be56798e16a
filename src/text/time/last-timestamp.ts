import type { Flavor } from '../../charset/index.ts';

/** The last second of a TIMESTAMP, since 1970: 3001-01-18 23:59:59 UTC in MySQL, 2106-02-07 06:28:15 UTC in MariaDB. */
export const LAST_TIMESTAMP: Readonly<Record<Flavor, number>> = {
  mysql: 32_536_771_199,
  mariadb: 2 ** 32 - 1,
};
