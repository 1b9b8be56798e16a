import { checksumMatches, type RawEvent } from '../binlog/index.ts';
import { type ChecksumInspection, SHOWN } from './inspection.ts';

/** Verifies checksums and remembers the first that are wrong. */
export class ChecksumCounts {
  readonly #bad: ChecksumInspection['bad'][number][] = [];
  #verified = 0;
  #without = 0;
  #badCount = 0;

  verify(event: RawEvent, file: string): void {
    if (!event.hasChecksum) this.#without += 1;
    else if (checksumMatches(event)) this.#verified += 1;
    else {
      this.#badCount += 1;
      if (this.#bad.length < SHOWN) this.#bad.push({ file, position: event.position, event: event.name });
    }
  }

  summary(): ChecksumInspection {
    return { verified: this.#verified, without: this.#without, badCount: this.#badCount, bad: this.#bad };
  }
}
