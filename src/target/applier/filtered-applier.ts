import { RawEvent } from '../../binlog/index.ts';
import { EventSelection, type ReplicateFilter, type SourceClient } from '../../replication/index.ts';
import type { Applier } from './applier.ts';
import { HeldEvents } from './held-events.ts';

/** What filters hold of a transaction before it is applied in parts. */
const HELD_BYTES = 4 * 1024 * 1024;

/** Gives an applier only what the filters let through, under the names of the target. */
export class FilteredApplier {
  readonly #applier: Applier;
  readonly #filter: ReplicateFilter;
  readonly #held = new HeldEvents();
  readonly #event = new RawEvent();
  #selection: EventSelection | undefined;
  /** The transaction at hand has been begun in the target, in parts. */
  #isPart = false;
  /** Where it began. */
  #openedAt = 0;

  constructor(applier: Applier, filter: ReplicateFilter) {
    this.#applier = applier;
    this.#filter = filter;
  }

  /** Takes the next event that a client gives. @throws as {@link Applier.apply} */
  async apply(event: RawEvent, client: SourceClient): Promise<void> {
    const { file, place, facts } = client;
    const held = this.#held;
    this.#selection ??= new EventSelection(this.#filter, undefined, facts?.flavor ?? 'mysql', held);
    if (place === 'outside') {
      this.#selection.setFormat(event);
      await this.#applier.apply(event, { file, place }, () => undefined);
      return;
    }
    if (place === 'begins' || place === 'alone') {
      held.clear();
      this.#selection.begin();
      this.#isPart = false;
      this.#openedAt = event.position;
    }
    held.position = event.position;
    this.#selection.take(event);
    while (this.#selection.hasMore) {
      // oxlint-disable-next-line no-await-in-loop -- one part after the other
      await this.#applyHeld(client, false);
      this.#selection.takeMore();
    }
    const isWhole = place === 'ends' || place === 'alone';
    if (isWhole || held.bytes > HELD_BYTES) await this.#applyHeld(client, isWhole);
  }

  /** Forgets what is held: it comes again. */
  clear(): void {
    this.#held.clear();
  }

  async #applyHeld(client: SourceClient, isWhole: boolean): Promise<void> {
    const held = this.#held;
    const { file } = client;
    const { count } = held;
    if (isWhole && count === 0 && !this.#isPart) {
      await this.#applier.pass(file, this.#openedAt, () => client.boundaryMark());
      return;
    }
    for (let index = 0; index < count; index += 1) {
      held.aim(this.#event, index);
      const begins = index === 0 && !this.#isPart;
      const ends = isWhole && index === count - 1;
      const place = begins ? (ends ? 'alone' : 'begins') : ends ? 'ends' : 'inside';
      // oxlint-disable-next-line no-await-in-loop -- one event after the other
      await this.#applier.apply(this.#event, { file, place }, () => client.boundaryMark());
    }
    if (count > 0) this.#isPart = true;
    held.clear();
  }
}
