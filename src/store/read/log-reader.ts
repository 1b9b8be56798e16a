import {
  decodeBody,
  EventFramer,
  EventType,
  type KeyContainer,
  LogState,
  type RawEvent,
  type StartEncryption,
} from '../../binlog/index.ts';
import { FormatError, TruncatedError } from '../../errors/index.ts';
import { LOG_MAGIC, LogOpening, mariadbCipher } from '../files/log-opening.ts';
import type { ByteSource } from './byte-source.ts';

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
  readonly #keys: KeyContainer | undefined;
  readonly #opening: LogOpening;
  #ended = false;

  /** @param options.keys open encrypted logs of both servers; without them an encrypted log is read as it is, or refused */
  constructor(source: ByteSource, options: { concatenated?: boolean; keys?: KeyContainer | undefined } = {}) {
    this.source = source;
    this.framer = new EventFramer();
    this.#concatenated = options.concatenated ?? false;
    this.#keys = options.keys;
    this.#opening = new LogOpening(this.framer, options.keys);
  }

  /**
   * Reads the magic, and the header of an encrypted MySQL log.
   *
   * @throws FormatError with code `BINLOG_HEADER` when the file ends too early, `BINLOG_MAGIC` when it is no log, `BINLOG_ENCRYPTED`
   *   when the key is not at hand, `BINLOG_KEY` when it is the wrong one
   */
  open(): void {
    const { framer } = this;
    framer.position = 0;
    try {
      while (!this.#opening.advance()) {
        if (this.#fill()) continue;
        throw new FormatError('the file ends before the four bytes every log begins with', {
          code: 'BINLOG_HEADER',
        });
      }
    } catch (error) {
      if (error instanceof FormatError) error.at({ file: this.source.name, position: 0 });
      throw error;
    }
  }

  /**
   * Aims `event` at the next event; false at the end of the log. The event is valid until the next call.
   *
   * @throws TruncatedError when the bytes end inside an event; what {@link EventFramer.next} throws
   */
  next(event: RawEvent): boolean {
    const { framer } = this;
    const magicBytes = this.#concatenated ? this.#skipMagic() : 0;
    try {
      while (!framer.next(event)) {
        if (this.#fill()) continue;
        if (framer.pending === 0) return false;
        throw new TruncatedError(`the log ends ${framer.pending} bytes into an event`, {
          context: { position: framer.position },
          hint: 'The server may still be writing it, or it crashed, or the copy is not complete.',
        });
      }
      framer.position += magicBytes;
      event.isInFile = this.source.seekable && !this.#opening.encrypted && framer.cipher === undefined;
      if (event.type === EventType.START_ENCRYPTION_EVENT && this.#keys !== undefined) {
        framer.cipher = mariadbCipher(decodeBody(event, new LogState()) as StartEncryption, this.#keys);
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

  /**
   * Passes over the magic of a further log; the bytes that are to be counted behind the event that follows. mysqlbinlog says of that event
   * that it stands where the magic does.
   */
  #skipMagic(): number {
    const { framer } = this;
    if (!this.peek(LOG_MAGIC.length).equals(LOG_MAGIC)) return 0;
    const { position } = framer;
    framer.skip(LOG_MAGIC.length);
    framer.position = position;
    return LOG_MAGIC.length;
  }

  /**
   * Goes on at this position of the log. A source that cannot seek is read and thrown away up to there; false where it ends before.
   */
  seek(position: number): boolean {
    const { framer, source } = this;
    if (
      source.seekable &&
      !this.#opening.encrypted &&
      (position < framer.position || position > framer.position + framer.pending)
    ) {
      source.seek(position);
      framer.skip(framer.pending);
      framer.position = position;
      this.#ended = false;
      return true;
    }
    while (framer.position < position) {
      if (framer.pending === 0 && !this.#fill()) return false;
      framer.skip(Math.min(framer.pending, position - framer.position));
    }
    return true;
  }

  close(): void {
    this.source.close();
  }

  #fill(): boolean {
    if (this.#ended) return false;
    const space = this.framer.space();
    const count = this.source.read(space);
    if (count === 0) this.#ended = true;
    else {
      this.#opening.decrypt(space, count);
      this.framer.filled(count);
    }
    return count > 0;
  }
}
