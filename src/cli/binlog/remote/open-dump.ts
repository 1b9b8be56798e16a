import type { Flavor } from '../../../binlog/index.ts';
import { type Connection, connect, type DumpRequest } from '../../../connection/index.ts';
import { UsageError } from '../../../errors/index.ts';
import { MysqlGtidSet } from '../../../gtid/index.ts';
import {
  announceChecksums,
  announceMariadbCapability,
  announceMariadbPosition,
  askVersion,
  DumpEvents,
} from '../../../replication/index.ts';
import { DumpFlag } from '../../../wire/index.ts';
import type { BinlogOptions, Remote } from '../options/index.ts';
import { connectSettings } from './connect-settings.ts';
import { during } from './failure.ts';

/** A dump that was asked for, and who answers it. */
export interface OpenDump {
  readonly flavor: Flavor;
  readonly events: DumpEvents;
}

/** What a dump takes from the command that asks for it. */
export interface DumpSurroundings {
  readonly options: BinlogOptions;
  readonly program: string;
  /** Relative paths of options are relative to this folder. */
  readonly cwd: string;
  readonly diagnose: (line: string) => void;
}

/** One connection a log: a dump is the last thing a connection does. */
export async function openDump(
  { options, program, cwd, diagnose }: DumpSurroundings,
  log: string,
  position: number,
): Promise<OpenDump> {
  const remote = options.remote!;
  const connection = await during('connect', async () =>
    connect(
      connectSettings(remote, {
        dialect: options.dialect,
        program,
        cwd,
        warn: diagnose,
        isFirst: log === options.logs[0],
      }),
    ),
  );
  try {
    const { text, flavor } = await during('version', () => askVersion(connection));
    if (!isKnownVersion(text, options)) {
      throw new UnknownVersion(text);
    }
    await during('checksums', () => announceChecksums(connection, flavor));
    if (flavor === 'mariadb') await announceMariadb(connection, options);
    if (options.dialect === 'mariadb' && Buffer.byteLength(log) > MARIADB_NAME_BYTES)
      throw new UsageError('Log name too long.');
    const request = dumpRequest(remote, options, flavor, log, position);
    return { flavor, events: await during('dump', async () => new DumpEvents(connection.dump(request))) };
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

/** What mariadb-binlog has room for in its request. */
const MARIADB_NAME_BYTES = 118;

/** Major versions whose logs are known. */
const KNOWN_MAJORS = /^(5|8|9|1[0-3])\./;

/** `exact`: MySQL's tool knows its own servers only. */
function isKnownVersion(text: string, { compat, dialect }: BinlogOptions): boolean {
  return compat === 'exact' && dialect === 'mysql' ? /^[589]/.test(text) : KNOWN_MAJORS.test(text);
}

/** The server is of a version nobody knows how to read. */
export class UnknownVersion extends Error {
  readonly version: string;

  constructor(version: string) {
    super(`unrecognized version ${version}`);
    this.version = version;
  }

  lines({ dialect }: BinlogOptions): string[] {
    const who = dialect === 'mysql' ? 'Server' : 'Master';
    return [
      `ERROR: Could not find server version: ${who} reported unrecognized MySQL version '${this.version}'.`,
    ];
  }
}

async function announceMariadb(connection: Connection, { selection }: BinlogOptions): Promise<void> {
  await during('capability', () => announceMariadbCapability(connection));
  const { startGtids } = selection;
  if (startGtids === undefined) return;
  await during('position', () => announceMariadbPosition(connection, startGtids));
}

function dumpRequest(
  remote: Remote,
  { selection, output }: BinlogOptions,
  flavor: Flavor,
  file: string,
  position: number,
): DumpRequest {
  const { serverId, stopNever, dump } = remote;
  const waits = stopNever ? 0 : DumpFlag.BINLOG_DUMP_NON_BLOCK;
  if (dump === 'COM_BINLOG_DUMP') {
    const annotates = flavor === 'mariadb' && !output.skipAnnotateRowEvents;
    const flags = waits | (annotates ? DumpFlag.BINLOG_SEND_ANNOTATE_ROWS_EVENT : 0);
    return { kind: 'position', file, position, serverId, flags };
  }
  if (flavor === 'mariadb') throw new UsageError('MariaDB servers have no BINLOG-DUMP-GTIDS');
  const seen =
    selection.excludeGtids === undefined ? MysqlGtidSet.empty() : MysqlGtidSet.parse(selection.excludeGtids);
  return { kind: 'gtid', file, position, serverId, flags: waits, gtidSet: seen.toBytes() };
}
