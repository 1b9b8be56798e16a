import { EventType, type RawEvent } from '../../binlog/index.ts';
import type { PrintOptions } from '../print-options.ts';
import { serverIdMask } from './event-header.ts';

/** Which events lie in the range asked for: `--offset`, the two times, `--stop-position`, `--server-id`. */
export class RangeFilter {
  /** Events still to be passed by; like the start time, of no account once one event was in range. */
  #offset: number;
  #startDatetime: number;
  #count = 0;
  #stopPosition: number = Number.POSITIVE_INFINITY;
  readonly #options: PrintOptions;
  readonly #serverIdMask: number;

  constructor(options: PrintOptions) {
    this.#options = options;
    this.#offset = options.offset;
    this.#startDatetime = options.startDatetime;
    this.#serverIdMask = serverIdMask(options);
  }

  /** `--stop-position` counts in the last file only. */
  startFile(isLast: boolean): void {
    this.#stopPosition = isLast ? this.#options.stopPosition : Number.POSITIVE_INFINITY;
  }

  /** `stop` ends the run. Events inside a compressed transaction have no position of their own. */
  look(event: RawEvent, position: number, inPayload: boolean): 'print' | 'skip' | 'stop' {
    const isFormat = event.type === EventType.FORMAT_DESCRIPTION_EVENT;
    const inRange = this.#count >= this.#offset && event.timestamp >= this.#startDatetime;
    this.#count += 1;
    if (!inRange && !isFormat) return 'skip';
    if (!isFormat) {
      // Times may run backwards: from the first event in range on, everything prints.
      this.#startDatetime = 0;
      this.#offset = 0;
      if (event.type !== EventType.ROTATE_EVENT && this.#excludesServer(event.serverId)) return 'skip';
    }
    if (event.timestamp >= this.#options.stopDatetime) return 'stop';
    if (!inPayload && position >= this.#stopPosition) return 'stop';
    return 'print';
  }

  #excludesServer(serverId: number): boolean {
    const wanted = this.#options.serverId;
    if (wanted === 0) return false;
    const mask = this.#serverIdMask;
    // The one wanted counts with all its bits, as in the original.
    return (serverId & mask) >>> 0 !== wanted;
  }
}
