/**
 * Session settings as the printed text has left them. A statement prints only what differs. -1 and undefined stand for
 * "nothing printed yet", which no event can equal.
 */
export class SessionMemory {
  /** Default database; bytes in latin1. */
  schema = '';
  /** Set once a thread id has been printed: later ones matter only to statements that use temporary tables. */
  threadId = -1;
  flags2 = -1;
  /** Undefined: none printed yet. */
  sqlMode: bigint | undefined = undefined;
  autoIncrementIncrement = -1;
  autoIncrementOffset = -1;
  charsetClient = -1;
  collationConnection = -1;
  collationServer = -1;
  /** Bytes in latin1. */
  timeZone = '';
  lcTimeNames = -1;
  collationDatabase = -1;
  defaultCollationForUtf8mb4 = 0;
  enableCascadeTriggers = 0;
}
