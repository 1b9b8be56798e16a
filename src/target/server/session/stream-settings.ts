import type { ConflictError } from '../../conflict.ts';
import type { TargetRetry } from '../../target.ts';
import type { HeldBytes } from './held-bytes.ts';

/** What a stream tells, while nobody waits for it. */
export interface StreamEvents {
  /** A transaction has waited for a lock, and waits again: whoever is behind it lets go. */
  waits?(): Promise<void>;
  /** A transaction is about to be tried again: whoever is in its way lets go. */
  retries?(retry: TargetRetry): Promise<void>;
  /** A row was not as the source had it, and its transaction is committed. */
  conflict?(error: ConflictError): void;
  /** Nothing more comes of what was sent. */
  failed?(error: unknown): void;
}

export interface StreamSettings {
  /** `max_allowed_packet` of the server, bytes; default: it takes everything. */
  readonly maxPacket?: number | undefined;
  /** How often a transaction is tried again. Default 10. */
  readonly retries?: number | undefined;
  /** Seconds that others wait for a lock, where this session is not to do so at once; default: it does. */
  readonly lockWait?: number | undefined;
  readonly events?: StreamEvents | undefined;
  /** Others are committed before it: whatever it has done must be there to be taken back and done again. */
  readonly isBehind?: (() => boolean) | undefined;
  readonly held?: HeldBytes | undefined;
}
