import { SessionMemory as SharedMemory } from '../session-settings.ts';

/** Session settings as the printed text has left them, what GTID events set included. Each file starts anew. */
export class SessionMemory extends SharedMemory {
  allowParallel: boolean | undefined = undefined;
  domainId: number | undefined = undefined;
  serverId: number | undefined = undefined;
  skipReplication = false;
  /** The transaction is one of XA. */
  isXa = false;
}
