import { EventType, encodeEvent, type Flavor, LogState } from '../../../binlog/index.ts';

/** Fixed lengths of the events' bodies, type 1 first, as MySQL 9.7 and MariaDB 11.8 write them. */
const MYSQL_LENGTHS = '000d0008000000000400040000006300041a08000000000000020000000a0a0a2a2a001234000a280000';
const MARIADB_LENGTHS = `380d000800120004040404120000e400041a08000000080808020000000a0a0a0000000000000a0a0a${'00'.repeat(119)}041304000d0808080a0a0a`;

const LENGTHS: Readonly<Record<Flavor, Buffer>> = {
  mysql: Buffer.from(MYSQL_LENGTHS, 'hex'),
  mariadb: Buffer.from(MARIADB_LENGTHS, 'hex'),
};

/** Any version that knows checksums will do; the events that follow have none. */
const VERSIONS: Readonly<Record<Flavor, string>> = { mysql: '8.0.34', mariadb: '10.6.0-MariaDB' };
const VERSION_BYTES = 50;

/**
 * The format description that a session must be shown before it takes rows in a BINLOG statement: rows as all servers since 5.1 write
 * them, without checksums.
 */
export function formatStatement(flavor: Flavor): string {
  const version = VERSIONS[flavor];
  const event = encodeEvent(
    { timestamp: 0, type: EventType.FORMAT_DESCRIPTION_EVENT, serverId: 0, logPos: 0, flags: 0 },
    {
      kind: 'formatDescription',
      binlogVersion: 4,
      serverVersion: version,
      versionPadding: Buffer.alloc(VERSION_BYTES - version.length),
      createTimestamp: 0,
      headerLength: 19,
      postHeaderLengths: LENGTHS[flavor],
      checksumAlgorithm: 0,
    },
    new LogState(),
    { checksum: true },
  );
  return `BINLOG '${event.toString('base64')}'`;
}
