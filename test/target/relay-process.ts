import { channelTo, openTestRelay } from '../relay/relay-streams.ts';

/** A relay with SQLite as its target in a process of its own, to be killed: `folder port`. Prints where it is. */
const [folder = '', port = '0'] = process.argv.slice(2);
const relay = await openTestRelay(folder, {
  settings: { max_binlog_size: 256 * 1024, max_relay_log_size: 128 * 1024, rowlock_target: 'SQLITE' },
});
const channel = await relay.streams.channels.configure(channelTo(Number(port)));
await channel.start({ receiver: true, applier: true });
process.stderr.write('goes on\n');
setInterval(() => {
  const { receiver, applier } = channel.status();
  const error = `${receiver.lastError.message}${applier.lastError.message}`;
  process.stderr.write(
    `${error === '' ? 'at' : 'ERROR'} ${relay.streams.binaryLog.gtidExecuted.replaceAll('\n', '')} ${error}\n`,
  );
}, 50);
