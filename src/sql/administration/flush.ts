import { notSupported } from '../query/refusals.ts';
import type { StatementCursor } from './statement-cursor.ts';

export type FlushTarget =
  | 'binaryLogs'
  | 'relayLogs'
  | 'errorLogs'
  | 'privileges'
  | 'ssl'
  | 'logs'
  | 'tables'
  | 'status'
  | 'hosts';

export interface FlushStatement {
  readonly kind: 'flush';
  readonly targets: readonly FlushTarget[];
  /** Of the relay logs. */
  readonly channel: string | undefined;
}

/** What FLUSH may name, by its first word; a second one follows some. */
const FLUSH_TARGETS: Readonly<Record<string, FlushTarget>> = {
  BINARY: 'binaryLogs',
  RELAY: 'relayLogs',
  PRIVILEGES: 'privileges',
  SSL: 'ssl',
  LOGS: 'logs',
  STATUS: 'status',
  HOSTS: 'hosts',
  ERROR: 'errorLogs',
  ENGINE: 'status',
  GENERAL: 'status',
  SLOW: 'status',
  OPTIMIZER_COSTS: 'status',
  USER_RESOURCES: 'status',
  // MariaDB's.
  CLIENT_STATISTICS: 'status',
  INDEX_STATISTICS: 'status',
  TABLE_STATISTICS: 'status',
  USER_STATISTICS: 'status',
};
const LOGS_FOLLOW: ReadonlySet<string> = new Set(['BINARY', 'RELAY', 'ERROR', 'ENGINE', 'GENERAL', 'SLOW']);

/** Behind FLUSH. Undefined: the servers know more targets than a relay has something for. @throws ServerError 1235 */
export function readFlush(cursor: StatementCursor): FlushStatement | undefined {
  cursor.acceptOne('LOCAL', 'NO_WRITE_TO_BINLOG');
  if (cursor.acceptOne('TABLES', 'TABLE') !== undefined) {
    cursor.rest();
    return { kind: 'flush', targets: ['tables'], channel: undefined };
  }
  cursor.acceptOne('GLOBAL', 'SESSION');
  if (!Object.hasOwn(FLUSH_TARGETS, cursor.word)) return undefined;
  let channel: string | undefined;
  const targets = cursor.list((): FlushTarget => {
    const { word } = cursor;
    const target = Object.hasOwn(FLUSH_TARGETS, word) ? FLUSH_TARGETS[word] : undefined;
    if (target === undefined) throw cursor.fail();
    cursor.advance();
    if (LOGS_FOLLOW.has(word)) cursor.expect('LOGS');
    if (target === 'binaryLogs' && cursor.is('DELETE_DOMAIN_ID'))
      throw notSupported('DELETE_DOMAIN_ID', 'A relay forgets no domain that it has transactions of');
    if (target === 'relayLogs') channel = cursor.atString ? cursor.string() : cursor.channel();
    return target;
  });
  return { kind: 'flush', targets, channel };
}
