export {
  AUTH_MORE_DATA,
  AUTH_NEXT_FACTOR,
  AUTH_SWITCH,
  type AuthMoreData,
  type AuthNextFactor,
  type AuthSwitch,
  authMoreData,
  authNextFactor,
  authSwitch,
} from './auth.ts';
export type { BinaryValue, Temporal } from './binary-value.ts';
export {
  BINARY_COLLATION,
  type Column,
  ColumnFlag,
  ColumnType,
  column,
  DEFAULT_COLLATION,
  listedColumn,
  textColumn,
} from './column.ts';
export {
  bareCommand,
  Command,
  type InitDb,
  initDb,
  type ProcessKill,
  processKill,
  type Query,
  query,
  type SetOption,
  setOption,
} from './command.ts';
export { bytesIn, type PacketDefinition, readPacket } from './definition.ts';
export {
  EOF,
  EOF_MAX,
  type Eof,
  ERR,
  type Err,
  eof,
  err,
  LOCAL_INFILE,
  type LocalInfile,
  localInfile,
  OK,
  type Ok,
  ok,
  PLAIN_OK,
} from './generic.ts';
export { type Handshake, handshake, realVersion } from './handshake.ts';
export {
  type ChangeUser,
  changeUser,
  type HandshakeResponse,
  handshakeResponse,
  SSL_REQUEST_SIZE,
  type SslRequest,
  sslRequest,
} from './handshake-response.ts';
export type { Parameter, ParameterTypes } from './parameters.ts';
export {
  type BinlogDump,
  type BinlogDumpGtid,
  binlogDump,
  binlogDumpGtid,
  DumpFlag,
  type RegisterSlave,
  registerSlave,
  SEMISYNC_ACK_WANTED,
  SEMISYNC_MAGIC,
  type SemisyncAck,
  semisyncAck,
} from './replication.ts';
export {
  binaryRow,
  type PrepareOk,
  prepareOk,
  type StatementExecute,
  type StatementFetch,
  type StatementLongData,
  type StatementPrepare,
  type StatementReference,
  statementClose,
  statementExecute,
  statementFetch,
  statementLongData,
  statementPrepare,
  statementReset,
} from './statement.ts';
export { readTextRow, type TextRow, textRow } from './text-row.ts';
