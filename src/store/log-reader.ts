import { EventFramer, type RawEvent } from '../binlog/index.ts';
import { FormatError, TruncatedError } from '../errors/index.ts';
import type { ByteSource } from './byte-source.ts';

export const LOG_MAGIC: Buffer = Buffer.from([0xfe, 0x62, 0x69, 0x6e]);
export const ENCRYPTED_LOG_MAGIC: Buffer = Buffer.from([0xfd, 0x62, 0x69, 0x6e]);

/**
 * Reads a log, event by event, from a source of bytes: magic first, then frames. It decodes no body.
 *
 *     const reader = new LogReader(fileSource(path));
 *     reader.open();
 *     while (reader.next(event)) …
 */
export class LogReader {
  readonly source: ByteSource;
  readonly framer: EventFramer;
  /** Several logs may follow each other on standard input: their magic is passed over between events. */
  readonly #concatenated: boolean;
  #ended = false;

  constructor(source: ByteSource, options: { concatenated?: boolean } = {}) {
    this.source = source;
    this.framer = new EventFramer();
    this.#concatenated = options.concatenated ?? false;
  }

  /**
   * Reads the magic.
   *
   * @throws FormatError with code `BINLOG_HEADER` when there are no four bytes, `BINLOG_MAGIC` when they are others,
   *   `BINLOG_ENCRYPTED` when they open an encrypted MySQL log
   */
  open(): void {
    const { framer } = this;
    framer.position = 0;
    const magic = Buffer.from(this.peek(LOG_MAGIC.length));
    const context = { file: this.source.name, position: 0 };
    if (magic.length < LOG_MAGIC.length) {
      throw new FormatError('the file ends before the four bytes every log begins with', {
        code: 'BINLOG_HEADER',
        context,
      });
    }
    if (magic.equals(ENCRYPTED_LOG_MAGIC)) {
      throw new FormatError('the log is encrypted', {
        code: 'BINLOG_ENCRYPTED',
        context,
        hint: 'Give the key of the server that wrote it.',
      });
    }
    if (!magic.equals(LOG_MAGIC)) {
      throw new FormatError(`not a binary log: begins with ${magic.toString('hex')}`, {
        code: 'BINLOG_MAGIC',
        context,
      });
    }
    framer.skip(LOG_MAGIC.length);
  }

  /**
   * Aims `event` at the next event; false at the end of the log. The event is valid until the next call.
   *
   * @throws TruncatedError when the bytes end inside an event; what {@link EventFramer.next} throws
   */
  next(event: RawEvent): boolean {
    const { framer } = this;
    if (this.#concatenated) this.#skipMagic();
    try {
      while (!framer.next(event)) {
        if (this.#fill()) continue;
        if (framer.pending === 0) return false;
        throw new TruncatedError(`the log ends ${framer.pending} bytes into an event`, {
          context: { position: framer.position },
          hint: 'The server may still be writing it, or it crashed, or the copy is not complete.',
        });
      }
      return true;
    } catch (error) {
      if (error instanceof FormatError) error.at({ file: this.source.name });
      throw error;
    }
  }

  /** The next bytes, at most `count`, without passing over them; borrowed. */
  peek(count: number): Buffer {
    while (this.framer.pending < count && this.#fill());
    return this.framer.rest().subarray(0, count);
  }

  /** Passes over the magic of a further log. It does not count in positions: mysqlbinlog goes on counting events only. */
  #skipMagic(): void {
    const { framer } = this;
    if (!this.peek(LOG_MAGIC.length).equals(LOG_MAGIC)) return;
    const { position } = framer;
    framer.skip(LOG_MAGIC.length);
    framer.position = position;
  }

  /** Goes on at this position of the log. A source that cannot seek is read and thrown away up to there. */
  seek(position: number): void {
    const { framer, source } = this;
    if (source.seekable && (position < framer.position || position > framer.position + framer.pending)) {
      source.seek(position);
      framer.skip(framer.pending);
      framer.position = position;
      this.#ended = false;
      return;
    }
    while (framer.position < position) {
      if (framer.pending === 0 && !this.#fill()) return;
      framer.skip(Math.min(framer.pending, position - framer.position));
    }
  }

  close(): void {
    this.source.close();
  }

  #fill(): boolean {
    if (this.#ended) return false;
    const count = this.source.read(this.framer.space());
    if (count === 0) this.#ended = true;
    else this.framer.filled(count);
    return count > 0;
  }
}
