import type { ReceivedCommand } from '../../connection/index.ts';
import { binlogDump, binlogDumpGtid, Command, registerSlave } from '../../wire/index.ts';
import { demand } from '../statements/context.ts';
import type { Conversation } from './conversation.ts';
import { dumpOrder } from './dump-order.ts';

export async function registerReplica(conversation: Conversation, command: ReceivedCommand): Promise<void> {
  demand(conversation.context, 'REPLICATION SLAVE', 'REPLICATION SLAVE');
  const { serverId, host, port } = conversation.session.read(registerSlave, command);
  const { userVariables } = conversation.state;
  const uuid = String(userVariables.get('replica_uuid') ?? userVariables.get('slave_uuid') ?? '');
  conversation.relay.streams.dumps.register(conversation.session, { serverId, host, port, uuid });
  await conversation.session.ok();
}

export async function dump(conversation: Conversation, command: ReceivedCommand): Promise<void> {
  demand(conversation.context, 'REPLICATION SLAVE', 'REPLICATION SLAVE');
  const gtid = command.code === Command.COM_BINLOG_DUMP_GTID;
  const request = gtid
    ? conversation.session.read(binlogDumpGtid, command)
    : conversation.session.read(binlogDump, command);
  conversation.tell(
    gtid ? 'Binlog Dump GTID' : 'Binlog Dump',
    'Source has sent all binlog to replica; waiting for more updates',
    undefined,
  );
  conversation.relay.counters.dumps += 1;
  const order = dumpOrder(request, conversation.state, conversation.relay.flavor);
  await conversation.relay.streams.dumps.serve(conversation.session, order, conversation.ended);
  // The servers hang up behind a dump that waited; one that did not wait may be followed by another.
  if (!order.nonBlocking) conversation.kill();
}
