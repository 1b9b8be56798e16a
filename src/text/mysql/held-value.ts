import type { RawEvent } from '../../binlog/index.ts';

/** An event that sets a value for the statement after it: it prints only if that statement does. */
export interface HeldValue {
  readonly event: RawEvent;
  readonly hexdumpFrom: number;
  readonly endPosition: number | undefined;
}
