import type { Flavor } from '../../binlog/index.ts';
import { ServerError } from '../../errors/index.ts';

/** ER_SOURCE_FATAL_ERROR_READING_BINLOG */
const FATAL = 1236;

/** What a source says when it cannot go on with a dump: MySQL 9.7's words, and MariaDB 11.8's where they differ. */
const texts = {
  unknownFile: { mysql: 'Could not find first log file name in binary log index file' },
  beforeStart: {
    mysql: 'Client requested source to start replication from position < 4',
    mariadb: 'Client requested master to start replication from impossible position',
  },
  beyondEnd: {
    mysql: 'Client requested source to start replication from position > file size',
    mariadb: 'Client requested master to start replication from impossible position',
  },
  checksum: {
    mysql: 'Replica can not handle replication events with the checksum that source is configured to log',
    mariadb: 'Slave can not handle replication events with the checksum that master is configured to log',
  },
  duplicate: {
    mysql: 'A replica with the same server_uuid/server_id as this replica has connected to the source',
    mariadb: 'A slave with the same server_uuid/server_id as this slave has connected to the master',
  },
  bogus: { mysql: 'bogus data in log event' },
  ahead: {
    mysql:
      "Replica has more GTIDs than the source has, using the source's SERVER_UUID. This may indicate that the the last binary " +
      'log file was truncated or lost, e.g., after a power failure when sync_binlog != 1. The source may have rolled back ' +
      'transactions that were already replicated to the replica. Replicate any transactions that source has rolled back from ' +
      'replica to source, and/or commit empty transactions on source to account for transactions that have been committed on ' +
      'source but are not included in GTID_EXECUTED.',
  },
  tooOld: {
    mysql: '',
    mariadb:
      'Could not find GTID state requested by slave in any binlog files. Probably the slave state is too old and required ' +
      'binlog files have been purged.',
  },
} as const satisfies Record<string, { readonly mysql: string; readonly mariadb?: string }>;

export type DumpFailure = keyof typeof texts;

/** MYSQL_ERRMSG_SIZE, less its NUL: servers cut longer texts off. */
const MAX_TEXT = 511;

/** How far a dump came, for the tail of its error. */
export interface DumpPlaces {
  readonly firstFile: string;
  readonly firstPosition: number;
  readonly file: string;
  readonly eventPosition: number;
  readonly readPosition: number;
}

export function dumpError(failure: DumpFailure, flavor: Flavor, places?: DumpPlaces): ServerError {
  const text: { readonly mysql: string; readonly mariadb?: string } = texts[failure];
  return fatal((flavor === 'mariadb' ? text.mariadb : undefined) ?? text.mysql, places);
}

export function fatal(text: string, places?: DumpPlaces): ServerError {
  const whole = places === undefined ? text : `${text}; ${placesText(places)}`;
  return new ServerError(FATAL, 'HY000', whole.slice(0, MAX_TEXT));
}

function placesText(places: DumpPlaces): string {
  const { firstFile, firstPosition, file, eventPosition, readPosition } = places;
  return (
    `the first event '${firstFile}' at ${firstPosition}, the last event read from '${file}' at ${eventPosition}, ` +
    `the last byte read from '${file}' at ${readPosition}.`
  );
}

/** Sets longer than this are not shown whole: an error of the protocol has 512 bytes. */
const SHOWN_SET_BYTES = 90;

export function purgedError(replica: string, missing: string): ServerError {
  const detail =
    replica.length <= SHOWN_SET_BYTES && missing.length <= SHOWN_SET_BYTES
      ? `The GTID set sent by the replica is '${replica}', and the missing transactions are '${missing}'`
      : missing.length <= SHOWN_SET_BYTES
        ? `The missing transactions are '${missing}'`
        : "The GTID sets and the missing purged transactions are too long to print in this message. For more information, please see the source's error log or the manual for GTID_SUBTRACT";
  return fatal(
    'Cannot replicate because the source purged required binary logs. Replicate the missing transactions from elsewhere, or ' +
      "provision a new replica from backup. Consider increasing the source's binary log expiration period. " +
      detail,
  );
}
