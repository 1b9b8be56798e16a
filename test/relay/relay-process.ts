import type { Positioning } from '../../src/relay/channel/configuration.ts';
import { channelTo, openTestRelay } from './relay-streams.ts';

/** A relay in a process of its own, to be killed: `folder port file position flavor positioning`. Prints a line when it runs. */
const [folder = '', port = '0', file = '', position = '4', flavor = 'mysql', positioning = 'position'] =
  process.argv.slice(2);
const relay = await openTestRelay(folder, {
  flavor: flavor === 'mariadb' ? 'mariadb' : 'mysql',
  settings: { max_binlog_size: 256 * 1024, max_relay_log_size: 128 * 1024 },
});
const channel = await relay.streams.channels.configure(
  channelTo(Number(port), {
    positioning: positioning as Positioning,
    sourceLogFile: file,
    sourceLogPos: Number(position),
  }),
);
await channel.start({ receiver: true, applier: true });
process.stdout.write(`port ${relay.server.port}\n`);
setInterval(() => {
  const { receiver, applier } = channel.status();
  const error = `${receiver.lastError.message}${applier.lastError.message} ${receiver.state} ${receiver.sourceLogFile} ${receiver.readSourceLogPos} ${applier.state} ${applier.stage} ${applier.relayLogFile} ${applier.relayLogPos}`;
  process.stdout.write(`at ${applier.sourceLogFile} ${applier.execSourceLogPos} ${error}\n`);
}, 50);
