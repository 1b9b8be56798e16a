export { ByTableId, TABLES_REMEMBERED } from './by-table-id.ts';
export {
  Column,
  ColumnCode,
  type ColumnType,
  type ColumnValue,
  columnTypeOf,
  DecimalColumn,
  MomentColumn,
  momentOf,
  OLD_DATETIME_BYTES,
  OLD_TIME_BYTES,
  OLD_TIMESTAMP_BYTES,
  splitUnits,
  TIME_HALF_SECONDS,
  UNITS_A_SECOND,
  valueTypeOf,
} from './columns/index.ts';
export { demandBody } from './demand-body.ts';
export {
  decodeEncryptionHeader,
  decryptLog,
  decryptPassword,
  ENCRYPTED_MAGIC,
  ENCRYPTION_HEADER_BYTES,
  type EncryptionHeader,
  encodeEncryptionHeader,
  type KeyContainer,
  LogStreamCipher,
  MARIADB_LOG_KEY_ID,
  MariadbEventCipher,
  makeEncryptionHeader,
  parseMariadbKeyFile,
  parseMysqlKeyring,
} from './encryption/index.ts';
export {
  CHECKSUM_BYTES,
  FLAGS_AT,
  HEADER_BYTES,
  LENGTH_AT,
  LOG_POS_AT,
  ROWS_FLAGS_AT,
  SERVER_ID_AT,
  TYPE_AT,
} from './event-layout.ts';
export { EventFlag, EventType, eventTypeName } from './event-type.ts';
export {
  ChecksumAlgorithm,
  type FormatDescription,
  hasChecksums,
} from './events/format-description.ts';
export type { TransactionContext, ViewChange } from './events/group-replication.ts';
export { type Gtid, GtidFlag, type TransactionTiming, UNDEFINED_SERVER_VERSION } from './events/gtid.ts';
export type { GtidTagged } from './events/gtid-tagged.ts';
export type { Heartbeat, HeartbeatV2 } from './events/heartbeat.ts';
export {
  type AppendBlock,
  type BeginLoadQuery,
  type DeleteFile,
  type ExecuteLoadQuery,
  LoadDuplicates,
} from './events/load-file.ts';
export {
  type GtidList,
  type GtidListEntry,
  GtidListFlag,
  type MariadbGtid,
  MariadbGtidExtraFlag,
  MariadbGtidFlag,
  type MariadbXid,
} from './events/mariadb-gtid.ts';
export type { PartialRowData, StartEncryption } from './events/mariadb-stream.ts';
export type { AnnotateRows, BinlogCheckpoint, Ignorable, Incident, RowsQuery } from './events/notes.ts';
export type { PreviousGtids } from './events/previous-gtids.ts';
export type { Query } from './events/query.ts';
export {
  decodeBody,
  decodeNext,
  type EventBody,
  encodeBody,
  encodeEvent,
  isKnownType,
  knownPostHeaderLengths,
  type Unknown,
} from './events/registry.ts';
export type { Rotate } from './events/rotate.ts';
export {
  DUMMY_TABLE_ID,
  type RowOperation,
  type Rows,
  RowsFlag,
  type RowsShape,
  rowsShape,
} from './events/rows.ts';
export {
  type Intvar,
  IntvarKind,
  type Rand,
  type UserVar,
  UserVarType,
  type UserVarValue,
} from './events/session-values.ts';
export type { Stop } from './events/stop.ts';
export { type TableMap, TableMapFlag } from './events/table-map.ts';
export { PayloadCompression, PayloadField, type TransactionPayload } from './events/transaction-payload.ts';
export type { XaPrepare } from './events/xa-prepare.ts';
export type { Xid } from './events/xid.ts';
export { explicitDefaultsForTimestamp, writesExplicitDefaults } from './explicit-defaults.ts';
export {
  checksumMatches,
  type EventCipher,
  EventFramer,
  type FramerOptions,
  verifyChecksum,
} from './framer.ts';
export {
  applyJsonDiffs,
  type JsonDiff,
  JsonDocument,
  JsonInteger,
  type JsonLeg,
  type JsonNode,
  JsonObject,
  JsonOpaque,
  JsonType,
  jsonLegs,
  jsonPath,
  jsonText,
  parseJson,
  printDouble,
  printJson,
  readJsonDiffs,
} from './json/index.ts';
export { limits } from './limits.ts';
export { LogState } from './log-state.ts';
export {
  encodePayload,
  inflatePayload,
  loadZstd,
  PayloadReader,
} from './payload/index.ts';
export { type EventHeader, RawEvent } from './raw-event.ts';
export {
  ChangeReader,
  decodeRowsExtra,
  type EncodableRow,
  encodeRows,
  encodeRowsExtra,
  hasColumn,
  ImagePlan,
  imagePlanOf,
  learnOldTemporals,
  OldTemporalColumns,
  type RowImage,
  RowReader,
  type RowsExtra,
  RowsExtraType,
  setsUnusedNullBits,
  skipValue,
} from './rows/index.ts';
export { type Flavor, isMariadbVersion, versionNumber } from './server-version.ts';
export { shownEventType } from './shown-type.ts';
export { Flags2, StatusVariable, type StatusVariables, statusVariableCodes } from './status-variables.ts';
export { TableMemory } from './table-memory.ts';
export {
  type MetadataField,
  MetadataType,
} from './table-metadata.ts';
export { encodeMetadata } from './table-metadata-encode.ts';
export { type TransactionPlace, TransactionTracker } from './transaction-tracker.ts';
export { xidText } from './xid-text.ts';
