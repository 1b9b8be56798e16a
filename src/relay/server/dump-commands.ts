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

/** What the process list says of a dump: of MySQL 9.7.4 and MariaDB 11.8.6, whose replica reads slowly, and whose has all. */
const STATES = {
  mysql: {
    sending: 'Sending to client',
    waiting: 'Source has sent all binlog to replica; waiting for more updates',
  },
  mariadb: {
    sending: 'Writing to net',
    waiting: 'Master has sent all binlog to slave; waiting for more updates',
  },
} as const;

export async function dump(conversation: Conversation, command: ReceivedCommand): Promise<void> {
  demand(conversation.context, 'REPLICATION SLAVE', 'REPLICATION SLAVE');
  const gtid = command.code === Command.COM_BINLOG_DUMP_GTID;
  const request = gtid
    ? conversation.session.read(binlogDumpGtid, command)
    : conversation.session.read(binlogDump, command);
  const { sending, waiting } = STATES[conversation.relay.flavor];
  conversation.tell(gtid ? 'Binlog Dump GTID' : 'Binlog Dump', sending, undefined);
  conversation.relay.counters.dumps += 1;
  const order = dumpOrder(request, conversation.state, conversation.relay.flavor);
  const { relay, session, state, ended } = conversation;
  await relay.streams.dumps.serve(session, order, ended, (isWaiting) => {
    state.state = isWaiting ? waiting : sending;
  });
  // The servers hang up behind a dump that waited; one that did not wait may be followed by another.
  if (!order.nonBlocking) conversation.kill();
}
