import type { ReplicationStatement } from '../../../sql/index.ts';
import type { ChannelConfiguration } from '../../channel/configuration.ts';
import { sameServer } from '../../channel/origin.ts';
import type { ChannelStatus } from '../../channel/status.ts';
import { type Answer, DONE } from '../answer.ts';
import { type Context, demandReplicationAdmin } from '../context.ts';
import { checkCombination } from './check-source-combination.ts';
import { checkName, checkRunning, checkValues } from './check-source-options.ts';
import { impliedChannel, store } from './implied-channel.ts';
import { applyOptions, freshConfiguration, namesPlace } from './source-settings.ts';

type ChangeSource = Extract<ReplicationStatement, { kind: 'changeSource' }>;

/** A channel that leaves its GTIDs and is told no position goes on behind what it has applied of this source. */
function withPlace(
  changed: ChannelConfiguration,
  base: ChannelConfiguration,
  status: ChannelStatus | undefined,
): ChannelConfiguration {
  const { sourceLogFile = '', execSourceLogPos = 0 } = status?.applier ?? {};
  const leavesGtids = base.positioning !== 'position' && changed.positioning === 'position';
  if (!leavesGtids || sourceLogFile === '' || !sameServer(base, changed)) return changed;
  return { ...changed, sourceLogFile, sourceLogPos: execSourceLogPos };
}

/** CHANGE REPLICATION SOURCE TO, CHANGE MASTER TO. */
export async function changeSource(statement: ChangeSource, context: Context): Promise<Answer> {
  demandReplicationAdmin(context);
  const { relay, session } = context;
  const channel = impliedChannel(context, statement.channel);
  checkName(channel, relay.flavor);
  const existing = relay.streams.channels.get(channel);
  const base = existing?.configuration ?? freshConfiguration(channel, relay);
  checkRunning(statement.options, channel, existing?.status(), relay.flavor);
  checkValues(statement.options, channel, context);
  const options = await applyOptions(base, statement.options, relay);
  const changed = namesPlace(statement.options) ? options : withPlace(options, base, existing?.status());
  checkCombination(changed, statement.options, relay);
  if (
    !changed.sourceSsl &&
    (statement.options.sourceUser ?? statement.options.sourcePassword) !== undefined
  ) {
    session.warn(1759, 'Sending passwords in plain text without SSL/TLS is extremely insecure.', 'Note');
  }
  const { sourceLogFile, sourceLogPos } = statement.options;
  if (relay.flavor === 'mysql' && sourceLogFile !== undefined && sourceLogPos === undefined) {
    session.warn(
      3023,
      'CHANGE REPLICATION SOURCE TO with a SOURCE_LOG_FILE clause but no SOURCE_LOG_POS clause may not be safe. The old position value may not be valid for the new binary log file.',
    );
  }
  await store(relay, changed, existing?.configuration, namesPlace(statement.options));
  relay.audit.record('change', {
    what: 'CHANGE REPLICATION SOURCE',
    channel,
    options: Object.keys(statement.options).join(','),
    host: changed.sourceHost,
    port: changed.sourcePort,
  });
  return DONE;
}
