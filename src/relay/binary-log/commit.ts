import type { TransactionGtid } from '../../replication/index.ts';
import type { ChannelPlace } from './commit-journal.ts';

/** What a transaction brings along when it is whole. */
export interface Commit {
  readonly gtid: TransactionGtid | undefined;
  readonly channel: string;
  /** Where the channel goes on behind it. Null: it forgets its place; undefined: no channel moved. */
  readonly place: ChannelPlace | null | undefined;
  /** Told when the transaction is durable. */
  readonly done?: (() => void) | undefined;
  /** Nothing was written. */
  readonly isNote?: true;
}

/** Where channels go on behind these commits, by name. */
export function placesOf(commits: readonly Commit[]): ReadonlyMap<string, ChannelPlace | null> {
  const places = new Map<string, ChannelPlace | null>();
  for (const { channel, place } of commits) if (place !== undefined) places.set(channel, place);
  return places;
}
