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
} from '../../binlog/index.ts';
import { formatUuid, MysqlGtidSet } from '../../gtid/index.ts';

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

/** What SHOW BINLOG EVENTS puts into its Info column, by kind of event. */
const describers: { readonly [Kind in EventBody['kind']]: Describer<Kind> } = {
  annotateRows: ({ statement }) => statement.toString(),
  appendBlock: ({ fileId, data }) => `;file_id=${fileId};block_len=${data.length}`,
  beginLoadQuery: ({ fileId, data }) => `;file_id=${fileId};block_len=${data.length}`,
  binlogCheckpoint: ({ file }) => file.toString(),
  deleteFile: ({ fileId }) => `;file_id=${fileId}`,
  executeLoadQuery: (body) => `${useOf(body.schema)}${body.statement.toString()} ;file_id=${body.fileId}`,
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
  mariadbGtid: ({ domainId, sequence, flags, commitId }, { serverId }) => {
    const gtid = `GTID ${domainId}-${serverId}-${sequence}`;
    const group = commitId === undefined ? '' : ` cid=${commitId}`;
    return `${(flags & MariadbGtidFlag.STANDALONE) === 0 ? 'BEGIN ' : ''}${gtid}${group}`;
  },
  partialRowData: none,
  previousGtids: ({ set }) => MysqlGtidSet.fromBytes(set).format(),
  query: queryInfo,
  rand: ({ seed1, seed2 }) => `rand_seed1=${seed1},rand_seed2=${seed2}`,
  rotate: ({ nextFile, position }) => `${nextFile.toString()};pos=${position}`,
  rows: ({ tableId, flags }) => {
    const set = ROWS_FLAGS.filter(([flag]) => (flags & flag) !== 0).map(([, name]) => name);
    return `table_id: ${tableId}${set.length > 0 ? ` flags: ${set.join(' ')}` : ''}`;
  },
  rowsQuery: ({ statement }) => `# ${statement.toString()}`,
  startEncryption: none,
  stop: none,
  tableMap: ({ tableId, schema, table }) => `table_id: ${tableId} (${schema.toString()}.${table.toString()})`,
  transactionContext: none,
  transactionPayload: ({ compressionType, uncompressedSize, payloadSize }) =>
    `compression='${compressionType === PayloadCompression.ZSTD ? 'ZSTD' : 'NONE'}', ` +
    `decompressed_size=${uncompressedSize} bytes, compressed_size=${payloadSize} bytes`,
  userVar: ({ name, value }) => `@\`${name.toString()}\`=${userValue(value)}`,
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

function queryInfo(body: Query, { flags }: RawEvent): string {
  const use = (flags & SUPPRESS_USE) === 0 ? useOf(body.schema) : '';
  const { ddlXid } = body.status;
  return `${use}${body.statement.toString()}${ddlXid === undefined ? '' : ` /* xid=${ddlXid} */`}`;
}

function userValue(value: unknown): string {
  if (value === undefined) return 'NULL';
  const { type, bytes } = value as { readonly type: number; readonly bytes?: Buffer };
  return type === UserVarType.STRING && bytes !== undefined ? `'${bytes.toString()}'` : String(bytes);
}
