/** A source of MySQL 9.7. */
export const FACTS = {
  flavor: 'mysql',
  version: '9.7.4',
  serverId: 1,
  serverUuid: undefined,
  hasGtids: true,
  checksum: 'CRC32',
  semisync: false,
} as const;
