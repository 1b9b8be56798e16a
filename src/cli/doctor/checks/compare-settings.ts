import { MysqlGtidSet } from '../../../gtid/index.ts';
import type { ChannelFacts } from '../facts/channel-facts.ts';
import type { ServerFacts } from '../facts/server-facts.ts';
import { isMysqlFrom } from '../facts/server-version.ts';
import { change, changeStatement, whileStopped } from '../mends/change-channel.ts';
import { mysqld, person, restart, type Step, setting, shell, sql } from '../mends/mend.ts';
import { channelLabel } from './check-channels.ts';
import { fromSource, type Pair, type PairFinding, serverLabel } from './pairing.ts';

const is = ({ variables }: ServerFacts, name: string): string | undefined => variables?.get(name);

/** Two servers that take themselves for one. */
export function compareIdentity({ source, replica, channel, ids }: Pair): PairFinding[] {
  const id = is(source, 'server_id');
  const uuid = is(source, 'server_uuid');
  const found: PairFinding[] = [];
  if (id !== undefined && id === is(replica, 'server_id')) {
    const free = Math.max(...ids, Number(id)) + 1;
    const [first, ...rest] = setting(replica, 'server_id', String(free));
    found.push({
      on: 'replica',
      severity: 'critical',
      code: 'SAME_SERVER_ID',
      message: `server_id is ${id} here and on source ${serverLabel(source)}: replication refuses that`,
      steps: [...(first === undefined ? [] : [sql(whileStopped(replica, channel, first.text))]), ...rest],
    });
  }
  if (uuid !== undefined && uuid === is(replica, 'server_uuid')) {
    found.push({
      on: 'replica',
      severity: 'critical',
      code: 'SAME_SERVER_UUID',
      message: `server_uuid is the one of source ${serverLabel(source)}: the data folder was copied with its auto.cnf`,
      steps: [shell(`rm ${is(replica, 'datadir') ?? 'DATADIR/'}auto.cnf`), restart],
    });
  }
  return found;
}

/** What the source must write so that the replica gets what it wants. */
export function compareLog({ source, replica, channel, ...pair }: Pair): PairFinding[] {
  const found: PairFinding[] = [];
  const who = fromSource({ source, replica, channel, ...pair });
  if (is(source, 'log_bin') === 'OFF') {
    found.push({
      on: 'source',
      severity: 'critical',
      code: 'SOURCE_WITHOUT_LOG',
      message: `log_bin is OFF: there is nothing for ${who}`,
      steps: [mysqld('log_bin', 'mysql-bin'), restart],
    });
  }
  const format = is(source, 'binlog_format');
  if (channel.requireRowFormat === true && format !== undefined && format !== 'ROW') {
    found.push({
      on: 'source',
      severity: 'critical',
      code: 'ROW_FORMAT_DEMANDED',
      message: `binlog_format is ${format}, and ${who} takes rows alone: it stops at the first statement`,
      steps: setting(source, 'binlog_format', 'ROW'),
    });
  }
  if (is(source, 'binlog_checksum') === 'NONE') {
    found.push({
      on: 'source',
      severity: 'warning',
      code: 'NO_CHECKSUM',
      message: `binlog_checksum is NONE: damage on the way to ${who} stays unseen`,
      steps: setting(source, 'binlog_checksum', 'CRC32'),
    });
  }
  const verifies = is(replica, 'replica_sql_verify_checksum') ?? is(replica, 'slave_sql_verify_checksum');
  if (verifies === 'OFF') {
    const name = isMysqlFrom(replica, [8, 0, 26])
      ? 'replica_sql_verify_checksum'
      : 'slave_sql_verify_checksum';
    found.push({
      on: 'replica',
      severity: 'warning',
      code: 'CHECKSUM_UNREAD',
      message: `${name} is OFF: damage in the relay log stays unseen`,
      steps: setting(replica, name, 'ON'),
    });
  }
  return found;
}

const DAY = 86_400;
/** Seconds a source should keep its logs at least: a weekend, and a day to mend what broke. */
const LEAST_KEPT = 3 * DAY;

/** How long a source keeps its logs, in seconds; 0 for ever; undefined where it does not say. */
function keptFor(source: ServerFacts): number | undefined {
  const seconds = is(source, 'binlog_expire_logs_seconds');
  if (seconds !== undefined && (seconds !== '0' || is(source, 'expire_logs_days') === undefined))
    return Number(seconds);
  const days = is(source, 'expire_logs_days');
  return days === undefined ? undefined : Number(days) * DAY;
}

/** Whether logs go before the replica has them. */
export function compareExpiry(pair: Pair): PairFinding[] {
  const { source, replica, channel } = pair;
  const purged = is(source, 'gtid_purged')?.replaceAll(/\s/g, '');
  const executed = is(replica, 'gtid_executed')?.replaceAll(/\s/g, '');
  if (channel.byGtid && purged !== undefined && purged !== '' && executed !== undefined) {
    if (!MysqlGtidSet.parse(purged).isSubsetOf(MysqlGtidSet.parse(executed))) {
      return [
        {
          on: 'replica',
          severity: 'critical',
          code: 'LOG_GONE',
          message: `source ${serverLabel(source)} has purged transactions that this replica never had`,
          steps: [person(`Build the replica anew from a backup of ${serverLabel(source)}.`)],
        },
      ];
    }
  }
  const kept = keptFor(source);
  if (kept === undefined || kept === 0) return [];
  const behind = channel.behind ?? 0;
  const wanted = Math.max(LEAST_KEPT, 2 * behind);
  if (kept >= wanted) return [];
  const late = behind > 0 ? `, and is ${behind} s behind` : '';
  const name =
    is(source, 'binlog_expire_logs_seconds') === undefined
      ? 'expire_logs_days'
      : 'binlog_expire_logs_seconds';
  const value = Math.max(7 * DAY, 4 * behind);
  return [
    {
      on: 'source',
      severity: kept <= behind ? 'critical' : 'warning',
      code: 'LOG_EXPIRES_EARLY',
      message: `logs are kept for ${kept} s: ${fromSource(pair)} is lost when it stands still that long${late}`,
      steps: setting(source, name, String(name === 'expire_logs_days' ? Math.ceil(value / DAY) : value)),
    },
  ];
}

/** Turns GTIDs on: step by step in servers that can while they run, else at the next start. */
function gtidsOn(server: ServerFacts, channel?: ChannelFacts): Step[] {
  if (isMysqlFrom(server, [8, 0, 0])) {
    const modes = ['OFF_PERMISSIVE', 'ON_PERMISSIVE', 'ON'];
    const at = ['OFF', ...modes].indexOf(is(server, 'gtid_mode') ?? 'OFF');
    const sets = modes.slice(Math.max(0, at)).map((mode) => ` SET PERSIST gtid_mode = ${mode};`);
    const text = `SET PERSIST enforce_gtid_consistency = ON;${sets.join('')}`;
    return [sql(channel === undefined ? text : whileStopped(server, channel, text))];
  }
  return [
    mysqld('gtid_mode', 'ON'),
    mysqld('enforce_gtid_consistency', 'ON'),
    mysqld('log_bin', 'mysql-bin'),
    mysqld('log_slave_updates', 'ON'),
    restart,
  ];
}

const gtidModes = ['OFF', 'OFF_PERMISSIVE', 'ON_PERMISSIVE', 'ON'];

/** Whether both count transactions alike. */
export function compareGtids({ source, replica, channel }: Pair): PairFinding[] {
  const [here, there] = [is(replica, 'gtid_mode'), is(source, 'gtid_mode')];
  if (here !== undefined && there !== undefined) {
    const [mine, its] = [gtidModes.indexOf(here), gtidModes.indexOf(there)];
    // What the receiver refuses when it starts: transactions with GTIDs for a server that has none, or the other way round.
    const apart = (mine === 0 && its >= 2) || (mine === 3 && its <= 1);
    const unserved = channel.byGtid && its < 3;
    if (apart || unserved) {
      const on = mine < its && !unserved ? 'replica' : 'source';
      return [
        {
          on,
          severity: 'critical',
          code: 'GTID_MODES_APART',
          message: `gtid_mode is ${here} on replica ${serverLabel(replica)} and ${there} on source ${serverLabel(source)}: replication refuses that`,
          steps: on === 'replica' ? gtidsOn(replica, channel) : gtidsOn(source),
        },
      ];
    }
    if (channel.byGtid || mine < 3 || its < 3) return [];
    return [
      {
        on: 'replica',
        severity: 'ok',
        code: 'CHANNEL_BY_POSITION',
        message: `${channelLabel(channel)} goes by file and position, though both servers have GTIDs`,
        steps: [change(replica, channel, ['SOURCE_AUTO_POSITION=1'])],
      },
    ];
  }
  if (!source.mariadb || !replica.mariadb || channel.byGtid) return [];
  return [
    {
      on: 'replica',
      severity: 'ok',
      code: 'CHANNEL_BY_POSITION',
      message: `${channelLabel(channel)} goes by file and position, not by GTID`,
      steps: [
        sql(whileStopped(replica, channel, changeStatement(replica, channel, ['MASTER_USE_GTID=slave_pos']))),
      ],
    },
  ];
}

/** Replication goes from old to new, and within one family. */
export function compareVersions({ source, replica }: Pair): PairFinding[] {
  if (source.mariadb !== replica.mariadb) {
    // MariaDB writes events that MySQL does not know; MySQL's GTIDs say nothing to MariaDB.
    return [
      {
        on: 'replica',
        severity: source.mariadb ? 'critical' : 'warning',
        code: 'OTHER_FAMILY',
        message: `${replica.version} replicates from ${source.version}: ${source.mariadb ? 'MySQL cannot read the logs of MariaDB 10 and later' : 'GTIDs, new types and new defaults of MySQL do not pass'}`,
        steps: [
          person(
            `Replicate to ${source.mariadb ? 'MariaDB' : 'MySQL'}, or through something that translates.`,
          ),
        ],
      },
    ];
  }
  const [major, minor] = [source.number[0] - replica.number[0], source.number[1] - replica.number[1]];
  if (major < 0 || (major === 0 && minor <= 0)) return [];
  return [
    {
      on: 'replica',
      severity: 'warning',
      code: 'OLDER_THAN_SOURCE',
      message: `${replica.version} replicates from ${source.version}: only the other way round is supported`,
      steps: [person(`Upgrade the replica to ${source.number[0]}.${source.number[1]} or later.`)],
    },
  ];
}
