/**
 * Session settings as the printed text has left them; a statement prints only what differs. Each file starts anew.
 * Undefined stands for "nothing printed yet".
 */
export class SessionMemory {
  /** Default database, before any rewriting; bytes in latin1. */
  schema = '';
  threadId: number | undefined = undefined;
  flags2: number | undefined = undefined;
  sqlMode: bigint | undefined = undefined;
  increment = 0;
  incrementOffset = 0;
  charsetClient = -1;
  collationConnection = -1;
  collationServer = -1;
  timeZone = '';
  lcTimeNames: number | undefined = undefined;
  collationDatabase: number | undefined = undefined;

  /** What the GTID events have set. */
  allowParallel: boolean | undefined = undefined;
  domainId: number | undefined = undefined;
  serverId: number | undefined = undefined;
  skipReplication = false;
  /** The transaction is one of XA. */
  isXa = false;
}
