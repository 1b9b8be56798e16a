import type { StatementCursor } from '../statement-cursor.ts';
import type { ReplicationStatement, ThreadWords } from './replication-statement.ts';
import { readUntilClause } from './until-clause.ts';

/** Behind START, with SLAVE, REPLICA or ALL at hand. */
export function readStart(cursor: StatementCursor): ReplicationStatement {
  const all = allSlaves(cursor);
  const name = all ? undefined : threadOwner(cursor);
  const threads = threadWords(cursor);
  const until = cursor.accept('UNTIL') ? readUntilClause(cursor) : undefined;
  let user: string | undefined;
  let password: string | undefined;
  for (;;) {
    const word = cursor.acceptOne('USER', 'PASSWORD', 'DEFAULT_AUTH', 'PLUGIN_DIR');
    if (word === undefined) break;
    cursor.expectSymbol('=');
    const value = cursor.string();
    if (word === 'USER') user = value;
    if (word === 'PASSWORD') password = value;
  }
  return { kind: 'startReplica', threads, until, user, password, all, channel: cursor.channel(name) };
}

/** Behind STOP. */
export function readStop(cursor: StatementCursor): ReplicationStatement {
  const all = allSlaves(cursor);
  const name = all ? undefined : threadOwner(cursor);
  const threads = threadWords(cursor);
  return { kind: 'stopReplica', threads, all, channel: cursor.channel(name) };
}

/** Behind RESET, with SLAVE or REPLICA at hand. */
export function readResetReplica(cursor: StatementCursor): ReplicationStatement {
  const name = threadOwner(cursor);
  const all = cursor.accept('ALL');
  return { kind: 'resetReplica', all, channel: cursor.channel(name) };
}

function allSlaves(cursor: StatementCursor): boolean {
  if (!cursor.accept('ALL')) return false;
  cursor.expectOne('SLAVES', 'REPLICAS');
  return true;
}

/** SLAVE or REPLICA, and MariaDB's connection name. */
function threadOwner(cursor: StatementCursor): string | undefined {
  cursor.expectOne('SLAVE', 'REPLICA');
  return cursor.atString ? cursor.string() : undefined;
}

const THREADS = ['IO_THREAD', 'RELAY_THREAD', 'SQL_THREAD'] as const;

function threadWords(cursor: StatementCursor): ThreadWords {
  const threads = { receiver: false, applier: false };
  if (!cursor.is(...THREADS)) return threads;
  for (const word of cursor.list(() => cursor.expectOne(...THREADS))) {
    if (word === 'SQL_THREAD') threads.applier = true;
    else threads.receiver = true;
  }
  return threads;
}
