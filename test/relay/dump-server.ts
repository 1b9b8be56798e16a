import { createHash } from 'node:crypto';
import type { Session } from '../../src/connection/index.ts';
import type { DumpOrder, Dumps } from '../../src/relay/streams.ts';
import { binlogDump, binlogDumpGtid, Command, readPacket, registerSlave } from '../../src/wire/index.ts';
import { account, type Loopback, listenAsServer } from '../connection/loopback.ts';

/** What the smallest server says of itself that a replica accepts as its source. */
export interface SmallServer {
  readonly dumps: Dumps;
  readonly serverId: number;
  readonly serverUuid: string;
  readonly flavor: 'mysql' | 'mariadb';
  readonly serverVersion: string;
}

type Memory = Map<string, string>;

/** A server that knows what replicas ask before a dump, and nothing else. User `repl`, no password. */
export function listenForReplicas(server: SmallServer): Promise<Loopback> {
  const plugin = server.flavor === 'mysql' ? 'caching_sha2_password' : 'mysql_native_password';
  const repl = account(plugin, '');
  const root = account(plugin, '');
  return listenAsServer(
    { repl, root },
    { serverVersion: server.serverVersion, defaultPlugin: plugin },
    (session) => converse(session, server),
  );
}

async function converse(session: Session, server: SmallServer): Promise<void> {
  const memory: Memory = new Map();
  const agreed = { capabilities: session.capabilities, extended: 0 };
  for (;;) {
    const command = await session.command();
    if (command === undefined) return;
    const { code, payload } = command;
    if (code === Command.COM_QUERY)
      await answer(session, session.statement(command).toString(), server, memory);
    else if (code === Command.COM_REGISTER_SLAVE) {
      const { serverId, host, port } = readPacket(registerSlave, agreed, payload);
      server.dumps.register(session, {
        serverId,
        host: host.toString(),
        port,
        uuid: memory.get('replica_uuid') ?? '',
      });
      await session.ok();
    } else if (code === Command.COM_BINLOG_DUMP || code === Command.COM_BINLOG_DUMP_GTID) {
      await server.dumps.serve(session, order(code, payload, agreed, memory), new AbortController().signal);
      return;
    } else await session.ok();
  }
}

function order(
  code: number,
  payload: Buffer,
  agreed: { capabilities: number; extended: number },
  memory: Memory,
): DumpOrder {
  const byGtid =
    code === Command.COM_BINLOG_DUMP_GTID ? readPacket(binlogDumpGtid, agreed, payload) : undefined;
  const byPosition = byGtid === undefined ? readPacket(binlogDump, agreed, payload) : undefined;
  const { flags, serverId } = (byGtid ?? byPosition)!;
  const state = memory.get('slave_connect_state');
  const checksum = memory.get('master_binlog_checksum') ?? memory.get('source_binlog_checksum');
  return {
    from:
      byGtid !== undefined
        ? {
            kind: 'mysqlGtids',
            encodedSet: byGtid.gtidSet,
            file: byGtid.file,
            position: byGtid.position,
          }
        : state !== undefined
          ? {
              kind: 'mariadbGtids',
              gtids: state,
              strict: memory.get('slave_gtid_strict_mode') === '1',
              ignoresDuplicates: memory.get('slave_gtid_ignore_duplicates') === '1',
            }
          : { kind: 'position', file: byPosition!.file, position: byPosition!.position },
    nonBlocking: (flags & 1) !== 0,
    flags,
    serverId,
    uuid: memory.get('replica_uuid') ?? memory.get('slave_uuid') ?? '',
    heartbeatPeriod: Number(memory.get('master_heartbeat_period') ?? 0),
    checksum: checksum === undefined ? undefined : checksum === 'NONE' ? 'NONE' : 'CRC32',
    mariadbCapability: Number(memory.get('mariadb_slave_capability') ?? 0),
    untilGtids: memory.get('slave_until_gtid'),
    semiSync: memory.get('rpl_semi_sync_slave') === '1' || memory.get('rpl_semi_sync_replica') === '1',
  };
}

async function answer(session: Session, sql: string, server: SmallServer, memory: Memory): Promise<void> {
  const values: Readonly<Record<string, string>> = {
    'unix_timestamp()': String(Math.floor(Date.now() / 1000)),
    'version()': server.serverVersion,
    '@@global.server_id': String(server.serverId),
    '@@global.server_uuid': server.serverUuid,
    '@@global.gtid_mode': 'ON',
    '@@global.gtid_domain_id': '0',
    '@@global.rpl_semi_sync_source_enabled': '1',
    '@master_binlog_checksum': 'CRC32',
    '@source_binlog_checksum': 'CRC32',
  };
  const set = /^\s*set\s+(.*)$/is.exec(sql);
  if (set !== null) {
    for (const [, name, value] of set[1]!.matchAll(
      /@@?(?:session\.|global\.)?(\w+)\s*=\s*('[^']*'|[^,]+)/gi,
    )) {
      memory.set(name!.toLowerCase(), value!.trim().replaceAll("'", ''));
    }
    return session.ok();
  }
  const shown = /^show\s+(?:global\s+)?variables\s+like\s+'(\w+)'/i.exec(sql)?.[1]?.toLowerCase();
  if (shown !== undefined) {
    const known =
      shown === 'server_id'
        ? [[shown, String(server.serverId)]]
        : shown === 'rpl_semi_sync_master_enabled'
          ? [[shown, 'ON']]
          : [];
    return session.rows(['Variable_name', 'Value'], known);
  }
  const asked = /^select\s+(.*?)(?:\s+limit\s+\d+)?$/is.exec(sql)?.[1]?.trim();
  const value = asked === undefined ? undefined : values[asked.toLowerCase()];
  if (asked !== undefined && (value !== undefined || /binlog_gtid_pos/i.test(asked))) {
    return session.rows([asked], [[value ?? null]]);
  }
  if (asked !== undefined) return session.rows([asked], [[null]]);
  return session.ok();
}

/** A UUID that is the same in every run. */
export function fixedUuid(of: string): string {
  const hex = createHash('md5').update(of).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
