import {
  type EventBody,
  type Flavor,
  IntvarKind,
  MariadbGtidFlag,
  PayloadCompression,
  type Query,
  type RawEvent,
  RowsFlag,
  UserVarType,
  type UserVarValue,
} from '../../binlog/index.ts';
import { charsetOfCollation, collationName } from '../../charset/index.ts';
import { formatUuid, MysqlGtidSet } from '../../gtid/index.ts';
import { statementText } from '../../replication/index.ts';

type Described = { [Kind in EventBody['kind']]: Extract<EventBody, { kind: Kind }> };
type Describer<Kind extends EventBody['kind']> = (
  body: Described[Kind],
  event: RawEvent,
  flavor: Flavor,
) => string;

const nextIs = (gtid: string): string => `SET @@SESSION.GTID_NEXT= '${gtid}'`;
const none = (): string => '';

const ROWS_FLAGS: readonly (readonly [flag: number, name: string])[] = [
  [RowsFlag.STMT_END, 'STMT_END_F'],
  [RowsFlag.NO_FOREIGN_KEY_CHECKS, 'NO_FOREIGN_KEY_CHECKS_F'],
  [RowsFlag.RELAXED_UNIQUE_CHECKS, 'RELAXED_UNIQUE_CHECKS_F'],
];
/** MariaDB has another meaning for this bit, and does not show it. */
const MYSQL_ROWS_FLAGS: typeof ROWS_FLAGS = [
  ...ROWS_FLAGS,
  [RowsFlag.USE_SQL_FOREIGN_KEY, 'USE_SQL_FOREIGN_KEY_F'],
];

/** What SHOW BINLOG EVENTS puts into its Info column, by kind of event. */
const describers: { readonly [Kind in EventBody['kind']]: Describer<Kind> } = {
  annotateRows: ({ statement }) => statement.toString(),
  appendBlock: ({ fileId, data }) => `;file_id=${fileId};block_len=${data.length}`,
  beginLoadQuery: ({ fileId, data }) => `;file_id=${fileId};block_len=${data.length}`,
  binlogCheckpoint: ({ file }) => file.toString(),
  deleteFile: ({ fileId }) => `;file_id=${fileId}`,
  executeLoadQuery: (body, _event, flavor) =>
    `${useOf(body.schema)}${statementText(body, flavor)} ;file_id=${body.fileId}`,
  formatDescription: ({ serverVersion, binlogVersion }) =>
    `Server ver: ${serverVersion}, Binlog ver: ${binlogVersion}`,
  gtid: ({ gno, uuid }) => nextIs(gno === 0n ? 'ANONYMOUS' : `${formatUuid(uuid)}:${gno}`),
  gtidList: ({ gtids }) =>
    `[${gtids.map(({ domainId, serverId, sequence }) => `${domainId}-${serverId}-${sequence}`).join(', ')}]`,
  gtidTagged: ({ uuid, tag, gno }) => nextIs(`${formatUuid(uuid)}:${tag}:${gno}`),
  heartbeat: none,
  heartbeatV2: none,
  ignorable: () => '# Unrecognized ignorable event',
  incident: ({ incident, message }) =>
    `#${incident} (${incident === 1 ? 'LOST_EVENTS' : ''})${message.length > 0 ? `: ${message.toString()}` : ''}`,
  intvar: ({ variable, value }) =>
    `${variable === IntvarKind.LAST_INSERT_ID ? 'LAST_INSERT_ID' : 'INSERT_ID'}=${value}`,
  mariadbGtid: ({ domainId, sequence, flags, commitId, xid }, { serverId }) => {
    const gtid = `GTID ${domainId}-${serverId}-${sequence}`;
    const group = commitId === undefined ? '' : ` cid=${commitId}`;
    if ((flags & MariadbGtidFlag.PREPARED_XA) !== 0 && xid !== undefined) {
      const { globalId, branchQualifier, formatId } = xid;
      return `XA START X'${globalId.toString('hex')}',X'${branchQualifier.toString('hex')}',${formatId} ${gtid}${group}`;
    }
    return `${(flags & MariadbGtidFlag.STANDALONE) === 0 ? 'BEGIN ' : ''}${gtid}${group}`;
  },
  partialRowData: none,
  previousGtids: ({ set }) => MysqlGtidSet.fromBytes(set).format(),
  query: queryInfo,
  rand: ({ seed1, seed2 }) => `rand_seed1=${seed1},rand_seed2=${seed2}`,
  rotate: ({ nextFile, position }) => `${nextFile.toString()};pos=${position}`,
  rows: ({ tableId, flags }, _event, flavor) => {
    const known = flavor === 'mysql' ? MYSQL_ROWS_FLAGS : ROWS_FLAGS;
    const set = known.filter(([flag]) => (flags & flag) !== 0).map(([, name]) => name);
    return `table_id: ${tableId}${set.length > 0 ? ` flags: ${set.join(' ')}` : ''}`;
  },
  rowsQuery: ({ statement }) => `# ${statement.toString()}`,
  startEncryption: none,
  stop: none,
  tableMap: ({ tableId, schema, table }) => `table_id: ${tableId} (${schema.toString()}.${table.toString()})`,
  transactionContext: none,
  transactionPayload: ({ compressionType, uncompressedSize }) =>
    `compression='${compressionType === PayloadCompression.ZSTD ? 'ZSTD' : 'NONE'}', decompressed_size=${uncompressedSize} bytes`,
  userVar: ({ name, value }, _event, flavor) => `@\`${name.toString()}\`=${userValue(value, flavor)}`,
  viewChange: none,
  xaPrepare: ({ onePhase, formatId, globalId, branchQualifier }) =>
    `${onePhase ? 'XA COMMIT' : 'XA PREPARE'} X'${globalId.toString('hex')}',X'${branchQualifier.toString('hex')}',` +
    `${formatId}${onePhase ? ' ONE PHASE' : ''}`,
  xid: ({ xid }) => `COMMIT /* xid=${xid} */`,
  unknown: none,
};

export function eventInfo(body: EventBody, event: RawEvent, flavor: Flavor): string {
  return (describers[body.kind] as Describer<EventBody['kind']>)(body as never, event, flavor);
}

function useOf(schema: Buffer): string {
  return schema.length > 0 ? `use \`${schema.toString().replaceAll('`', '``')}\`; ` : '';
}

/** The default database is not named where the statement does not depend on it. */
const SUPPRESS_USE = 0x8;

function queryInfo(body: Query, { flags }: RawEvent, flavor: Flavor): string {
  const use = (flags & SUPPRESS_USE) === 0 ? useOf(body.schema) : '';
  const { ddlXid } = body.status;
  return `${use}${statementText(body, flavor)}${ddlXid === undefined ? '' : ` /* xid=${ddlXid} */`}`;
}

const UNSIGNED = 1;

/** A user variable as a literal that gives it again. */
function userValue(value: UserVarValue | undefined, flavor: Flavor): string {
  if (value === undefined) return 'NULL';
  const { type, bytes, collation, flags = 0 } = value;
  if (type === UserVarType.INT && bytes.length >= 8) {
    return String((flags & UNSIGNED) !== 0 ? bytes.readBigUInt64LE() : bytes.readBigInt64LE());
  }
  if (type === UserVarType.REAL && bytes.length >= 8) return String(bytes.readDoubleLE());
  if (type === UserVarType.STRING) {
    const charset = charsetOfCollation(collation, flavor)?.name ?? 'binary';
    const hex = bytes.toString('hex').toUpperCase();
    const literal = flavor === 'mysql' ? `0x${hex}` : `X'${hex}'`;
    return `_${charset} ${literal} COLLATE ${collationName(collation, flavor) ?? 'binary'}`;
  }
  return '???';
}
