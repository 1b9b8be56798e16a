import { type FailoverSource, failoverKey } from '../channel/receiver/failover-source.ts';
import type { StateTable } from './state.ts';

/** The sources that channels may fail over to. Kept on the disk, and in memory for who asks often. */
export class FailoverSources {
  readonly #table: StateTable;
  readonly #sources = new Map<string, FailoverSource>();

  constructor(table: StateTable) {
    this.#table = table;
    for (const [key, text] of table.all()) this.#sources.set(key, JSON.parse(text) as FailoverSource);
  }

  /** Sorted by channel, host and port. */
  get all(): readonly FailoverSource[] {
    return [...this.#sources].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, source]) => source);
  }

  /** Of one channel, the heaviest first. */
  of(channel: string): readonly FailoverSource[] {
    const name = channel.toLowerCase();
    return this.all
      .filter((source) => source.channel.toLowerCase() === name)
      .sort((a, b) => b.weight - a.weight);
  }

  /** False: it is there already. @throws ServerError the disk takes nothing */
  add(source: FailoverSource): boolean {
    const key = failoverKey(source);
    if (this.#sources.has(key)) return false;
    this.#table.set(key, JSON.stringify(source));
    this.#sources.set(key, source);
    return true;
  }

  /** False: there is none. @throws ServerError the disk takes nothing */
  delete(source: Omit<FailoverSource, 'weight'>): boolean {
    const key = failoverKey(source);
    if (!this.#sources.has(key)) return false;
    this.#table.delete(key);
    this.#sources.delete(key);
    return true;
  }

  /** @throws ServerError the disk takes nothing */
  clear(): void {
    for (const source of this.all) this.delete(source);
  }
}
