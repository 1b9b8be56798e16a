/** Bytes of commands that the sessions of one target hold in memory. Many are counted twice: they are kept, and wait to be sent. */
export interface HeldBytes {
  /** Of transactions that can be done again. */
  retained: number;
  /** That wait until the server takes them. */
  queued: number;
}

/** Transactions of no more bytes are kept in any case: they may come late to their turn. */
export const ALWAYS_RETAINED_BYTES: number = 64 * 1024;
/** A larger transaction is not kept, unless others come before it: it is not done again, whatever happens. */
export const TRANSACTION_RETAINED_LIMIT: number = 48 * 1024 * 1024;
/** All sessions together. Those that others come before wait when this is reached. */
export const RETAINED_LIMIT: number = 64 * 1024 * 1024;
/** How far large transactions are read ahead of what the server takes, so that the one behind can begin beside it. */
export const QUEUED_LIMIT: number = 48 * 1024 * 1024;
