import { RawEvent } from '../../binlog/index.ts';

const CHUNK_BYTES = 1 << 20;
/** Chunks that stay for the next statement. */
const KEPT_CHUNKS = 64;

/**
 * Memory for events that have to outlive the framer's buffer together, as those of a statement do. A Buffer for each would keep
 * the garbage collector busy: the statement of a bulk load has tens of thousands.
 */
export class EventArena {
  readonly #chunks: Buffer[] = [];
  #current = 0;
  #used = 0;

  /** A copy that is valid until {@link clear}. */
  keep(event: RawEvent): RawEvent {
    const { length, start } = event;
    const bytes = this.#room(length);
    const at = this.#used;
    event.bytes.copy(bytes, at, start, event.end);
    this.#used = at + length;
    const kept = new RawEvent();
    kept.timestamp = event.timestamp;
    kept.type = event.type;
    kept.serverId = event.serverId;
    kept.logPos = event.logPos;
    kept.flags = event.flags;
    kept.length = length;
    kept.position = event.position;
    kept.bytes = bytes;
    kept.start = at;
    kept.end = at + length;
    kept.bodyStart = at + event.bodyStart - start;
    kept.bodyEnd = at + event.bodyEnd - start;
    return kept;
  }

  /** Ends the life of everything kept. */
  clear(): void {
    this.#chunks.length = Math.min(this.#chunks.length, KEPT_CHUNKS);
    this.#current = 0;
    this.#used = 0;
  }

  #room(size: number): Buffer {
    for (; this.#current < this.#chunks.length; this.#current += 1) {
      const chunk = this.#chunks[this.#current]!;
      if (this.#used + size <= chunk.length) return chunk;
      this.#used = 0;
    }
    const chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, size));
    this.#chunks.push(chunk);
    this.#used = 0;
    return chunk;
  }
}
