import { hasChecksums } from '../../binlog/index.ts';
import type { LogEvents } from '../../store/index.ts';
import type { SourceFilePlace } from './source-place.ts';

/** Where a log's events begin. */
const START = 4;

/**
 * What a relay log says of its source before events of it: in which file they stood, and the format description that says how to read them.
 * Both are written once a file, and again where they may have gone.
 */
export class SourceHead {
  /** Whether events that follow have checksums. */
  checksums = true;
  readonly #events: LogEvents;
  readonly #serverId: number;
  /** Of what was appended. */
  #file = '';
  #position = START;
  #format: Buffer | undefined;
  #isFormatWritten = false;
  #fileWritten = '';

  constructor(events: LogEvents, serverId: number) {
    this.#events = events;
    this.#serverId = serverId;
  }

  /** Whether events may follow as they are. */
  get isWritten(): boolean {
    return this.#isFormatWritten || this.#format === undefined;
  }

  /** The source's file is known. */
  get isKnown(): boolean {
    return this.#file !== '';
  }

  /** The source stands here. */
  moveTo({ file, position }: SourceFilePlace): void {
    this.#file = file;
    this.#position = position;
  }

  /** Events that follow are to be read by this format description. */
  setFormat(format: Buffer, place: SourceFilePlace): void {
    this.moveTo(place);
    const isSame = this.#format?.equals(format) === true;
    if (isSame && this.#isFormatWritten && this.#fileWritten === place.file) return;
    this.#format = format;
    this.writeAgain();
  }

  /** What was written may be gone: once more does no harm. */
  writeAgain(): void {
    this.#isFormatWritten = false;
    this.#fileWritten = '';
  }

  /** The source's own rotate was appended. */
  rotated(file: string): void {
    this.#fileWritten = file;
  }

  /** The relay log begins anew, and nothing is known of its source. */
  clear(): void {
    this.#format = undefined;
  }

  /** What a file of the relay log begins with. Where the source stands is known even if nothing follows: a start after this begins there. */
  opening(): Buffer {
    this.writeAgain();
    this.checksums = true;
    if (!this.isKnown) return Buffer.alloc(0);
    this.#fileWritten = this.#file;
    return this.#rotate();
  }

  /** What has to stand before the next event of the source. */
  *missing(): Generator<Buffer> {
    if (this.#fileWritten !== this.#file) yield this.#rotate();
    this.#fileWritten = this.#file;
    const format = this.#format!;
    yield format;
    this.checksums = hasChecksums(format, 0, format.length).events;
    this.#isFormatWritten = true;
  }

  #rotate(): Buffer {
    return this.#events.sourceRotate(this.#serverId, this.#file, this.#position, this.checksums);
  }
}
