export {
  formatMariadbGtid,
  formatMariadbGtidList,
  type MariadbGtid,
  parseMariadbGtid,
  parseMariadbGtidList,
} from './mariadb-gtid.ts';
export { MariadbBinlogState, MariadbReplicaState } from './mariadb-gtid-state.ts';
export { formatMysqlGtid, GNO_END, type MysqlGtid, parseMysqlGtid } from './mysql-gtid.ts';
export { type MysqlGtidInterval, MysqlGtidSet } from './mysql-gtid-set.ts';
export { formatUuid, formatUuidKey, parseUuid, type UuidKey, uuidKey } from './uuid.ts';
