import type { Flavor } from '../../charset/index.ts';
import type { BinlogDump, BinlogDumpGtid } from '../../wire/index.ts';
import { DumpFlag } from '../../wire/index.ts';
import type { SessionState } from '../statements/session-state.ts';
import type { DumpOrder } from '../streams.ts';

/** What the session said about itself before its dump, in the words of every generation of replicas. */
export function dumpOrder(
  command: BinlogDump | BinlogDumpGtid,
  { userVariables }: SessionState,
  flavor: Flavor,
): DumpOrder {
  const text = (...names: readonly string[]): string | undefined => {
    for (const name of names) {
      const value = userVariables.get(name);
      if (value !== undefined && value !== null) return String(value);
    }
    return undefined;
  };
  const checksum = text('source_binlog_checksum', 'master_binlog_checksum')?.toUpperCase();
  const { flags, serverId } = command;
  return {
    from: from(
      command,
      text('slave_connect_state'),
      {
        strict: text('slave_gtid_strict_mode') === '1',
        ignoresDuplicates: text('slave_gtid_ignore_duplicates') === '1',
      },
      flavor,
    ),
    // A server id of 0 is somebody who reads what there is and goes: mysqlbinlog.
    nonBlocking: (flags & DumpFlag.BINLOG_DUMP_NON_BLOCK) !== 0 || serverId === 0,
    flags,
    serverId,
    uuid: text('replica_uuid', 'slave_uuid') ?? '',
    heartbeatPeriod: Number(text('source_heartbeat_period', 'master_heartbeat_period') ?? 0),
    checksum: checksum === 'NONE' || checksum === 'CRC32' ? checksum : undefined,
    mariadbCapability: Number(text('mariadb_slave_capability') ?? 0),
    untilGtids: text('slave_until_gtid'),
    semiSync: (text('rpl_semi_sync_replica', 'rpl_semi_sync_slave') ?? '0') !== '0',
  };
}

function from(
  command: BinlogDump | BinlogDumpGtid,
  connectState: string | undefined,
  modes: { readonly strict: boolean; readonly ignoresDuplicates: boolean },
  flavor: Flavor,
): DumpOrder['from'] {
  const { file, position } = command;
  if ('gtidSet' in command) return { kind: 'mysqlGtids', encodedSet: command.gtidSet, file, position };
  if (flavor === 'mariadb' && connectState !== undefined)
    return { kind: 'mariadbGtids', gtids: connectState, ...modes };
  return { kind: 'position', file, position };
}
