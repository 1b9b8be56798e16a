import { eventTypeName, type RawEvent } from '../binlog/index.ts';
import type { EventTypeCount } from './inspection.ts';

/** Events and their bytes, by type. */
export class EventCounts {
  readonly #types = new Map<number, { events: number; bytes: number }>();

  add({ type, length }: RawEvent): void {
    const counted = this.#types.get(type);
    if (counted === undefined) this.#types.set(type, { events: 1, bytes: length });
    else {
      counted.events += 1;
      counted.bytes += length;
    }
  }

  /** Largest first. */
  summary(): readonly EventTypeCount[] {
    return [...this.#types]
      .map(([type, counted]) => ({ type: eventTypeName(type), ...counted }))
      .sort((a, b) => b.bytes - a.bytes);
  }
}
