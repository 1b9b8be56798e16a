import { Counter, Gauge, type Metric, Registry } from 'prom-client';
import type { ChannelStatus } from '../relay/index.ts';
import type { WatchedRelay } from './watched.ts';

const CHANNEL_LABELS = ['channel_name', 'master_host', 'master_port'] as const;
type ChannelLabels = Record<(typeof CHANNEL_LABELS)[number], string>;

const isOn = (state: string): number => (state === 'ON' ? 1 : 0);

/** Of one channel: name, help, value; undefined: not known now. Names of mysqld_exporter where it has one. */
const channelGauges: readonly (readonly [
  name: string,
  help: string,
  read: (status: ChannelStatus) => number | null,
])[] = [
  [
    'mysql_slave_status_slave_io_running',
    'Whether the receiver is connected.',
    ({ receiver }) => isOn(receiver.state),
  ],
  ['mysql_slave_status_slave_sql_running', 'Whether the applier runs.', ({ applier }) => isOn(applier.state)],
  [
    'mysql_slave_status_seconds_behind_master',
    'How far the applier is behind the source, in seconds.',
    ({ applier }) => applier.secondsBehindSource,
  ],
  [
    'mysql_slave_status_read_master_log_pos',
    'Position in the source log up to which everything is durable in the relay log.',
    ({ receiver }) => receiver.readSourceLogPos,
  ],
  [
    'mysql_slave_status_exec_master_log_pos',
    'Position in the source log up to which everything is in the binary log.',
    ({ applier }) => applier.execSourceLogPos,
  ],
  [
    'mysql_slave_status_relay_log_space',
    'Bytes of all relay logs of the channel.',
    (status) => status.relayLogSpace,
  ],
  [
    'mysql_slave_status_last_io_errno',
    'Last error of the receiver; 0: none.',
    ({ receiver }) => receiver.lastError.number,
  ],
  [
    'mysql_slave_status_last_sql_errno',
    'Last error of the applier; 0: none.',
    ({ applier }) => applier.lastError.number,
  ],
];

const channelCounters: readonly (readonly [
  name: string,
  help: string,
  read: (status: ChannelStatus) => number,
])[] = [
  [
    'rowlock_channel_received_bytes_total',
    'Bytes of events received.',
    ({ receiver }) => receiver.bytesReceived,
  ],
  [
    'rowlock_channel_received_transactions_total',
    'Transactions made durable in the relay log.',
    ({ receiver }) => receiver.transactionsReceived,
  ],
  [
    'rowlock_channel_applied_transactions_total',
    'Transactions taken over into the binary log.',
    ({ applier }) => applier.transactionsApplied,
  ],
  [
    'rowlock_channel_violations_total',
    'Events refused by REQUIRE_ROW_FORMAT.',
    ({ receiver }) => receiver.violations,
  ],
  [
    'rowlock_channel_connects_total',
    'Connections to the source that were tried.',
    ({ receiver }) => receiver.connectsTried,
  ],
];

const DAY_MS = 86_400_000;

const relayGauges: readonly (readonly [
  name: string,
  help: string,
  read: (relay: WatchedRelay) => number | undefined,
])[] = [
  ['mysql_up', 'The relay answers.', () => 1],
  [
    'mysql_global_status_uptime',
    'Seconds since the relay started.',
    ({ now, startedAt }) => Math.floor((now() - startedAt) / 1000),
  ],
  ['mysql_global_status_threads_connected', 'Client sessions.', (relay) => relay.sessions()],
  [
    'mysql_binlog_size_bytes',
    'Bytes of all binary logs.',
    ({ streams }) => streams.binaryLog.files.reduce((sum, { size }) => sum + size, 0),
  ],
  ['mysql_binlog_files', 'Binary logs.', ({ streams }) => streams.binaryLog.files.length],
  [
    'mysql_binlog_file_number',
    'Number of the newest binary log.',
    ({ streams }) => Number(/\.(\d+)$/.exec(streams.binaryLog.end.file)?.[1] ?? 0),
  ],
  ['rowlock_replicas_connected', 'Dumps that run now.', ({ streams }) => streams.counters.dumps],
  [
    'rowlock_certificate_expiry_days',
    'Days until the certificate of the relay ends.',
    (relay) => {
      const end = relay.certificateEnd();
      return end === undefined ? undefined : (end.getTime() - relay.now()) / DAY_MS;
    },
  ],
];

const relayCounters: readonly (readonly [
  name: string,
  help: string,
  read: (relay: WatchedRelay) => number,
])[] = [
  [
    'rowlock_dump_bytes_total',
    'Bytes of events sent to replicas.',
    ({ streams }) => streams.counters.dumpBytes,
  ],
  [
    'rowlock_binlog_transactions_total',
    'Transactions written.',
    ({ streams }) => streams.counters.transactions,
  ],
  [
    'rowlock_binlog_written_bytes_total',
    'Bytes written to binary logs.',
    ({ streams }) => streams.counters.binaryLogBytes,
  ],
];

/** What Prometheus collects. Everything is read when it asks; nothing is counted twice. */
export function relayMetrics(relay: WatchedRelay): Registry {
  const registry = new Registry();
  const registers = [registry];
  const channels = (): { labels: ChannelLabels; status: ChannelStatus }[] =>
    relay.streams.channels.all
      .filter(({ configuration }) => configuration.sourceHost !== '')
      .map((control) => ({
        labels: {
          channel_name: control.configuration.channel,
          master_host: control.configuration.sourceHost,
          master_port: String(control.configuration.sourcePort),
        },
        status: control.status(),
      }));
  const metrics: Metric[] = [];
  for (const [name, help, read] of channelGauges) {
    metrics.push(
      new Gauge({
        name,
        help,
        labelNames: CHANNEL_LABELS,
        registers,
        collect() {
          this.reset();
          for (const { labels, status } of channels()) {
            const value = read(status);
            if (value !== null) this.set(labels, value);
          }
        },
      }),
    );
  }
  for (const [name, help, read] of channelCounters) {
    metrics.push(
      new Counter({
        name,
        help,
        labelNames: CHANNEL_LABELS,
        registers,
        collect() {
          this.reset();
          for (const { labels, status } of channels()) this.inc(labels, read(status));
        },
      }),
    );
  }
  for (const [name, help, read] of relayGauges) {
    metrics.push(
      new Gauge({
        name,
        help,
        registers,
        collect() {
          const value = read(relay);
          if (value === undefined) this.reset();
          else this.set(value);
        },
      }),
    );
  }
  for (const [name, help, read] of relayCounters) {
    metrics.push(
      new Counter({
        name,
        help,
        registers,
        collect() {
          this.reset();
          this.inc(read(relay));
        },
      }),
    );
  }
  return registry;
}
