import { EventRows } from './event-rows.ts';
import type { Stream } from './stream.ts';
import type { StreamChange } from './stream-change.ts';
import type { StreamChangeOptions } from './stream-options.ts';

const DONE: Promise<IteratorResult<StreamChange, undefined>> = Promise.resolve({
  done: true,
  value: undefined,
});

/**
 * The changed rows of a stream, one by one. An iterator by hand: what is here already is given without waiting for anything else,
 * which an async generator does three times a row.
 */
export class StreamChanges implements AsyncIterableIterator<StreamChange, undefined> {
  readonly #stream: Stream;
  readonly #rows: EventRows;
  #ended = false;

  constructor(stream: Stream, options: StreamChangeOptions, skip: number) {
    this.#stream = stream;
    this.#rows = new EventRows(stream, options, skip);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<StreamChange, undefined>> {
    if (this.#ended) return DONE;
    try {
      const change = this.#advance();
      return change === undefined ? this.#await() : Promise.resolve({ done: false, value: change });
    } catch (error) {
      return Promise.reject(this.#failed(error));
    }
  }

  return(): Promise<IteratorResult<StreamChange, undefined>> {
    this.#ended = true;
    this.#stream.close();
    return DONE;
  }

  /** The next change of what is here; undefined: something must be awaited. */
  #advance(): StreamChange | undefined {
    const rows = this.#rows;
    for (;;) {
      const change = rows.next();
      if (change !== undefined || rows.isUnnamed) return change;
      const event = this.#stream.next();
      if (event === undefined) return undefined;
      rows.begin(event);
    }
  }

  async #await(): Promise<IteratorResult<StreamChange, undefined>> {
    try {
      for (;;) {
        const change = this.#advance();
        if (change !== undefined) return { done: false, value: change };
        if (this.#rows.isUnnamed) await this.#rows.name();
        else if (this.#ended || !(await this.#stream.wait())) {
          this.#ended = true;
          return { done: true, value: undefined };
        }
      }
    } catch (error) {
      throw this.#failed(error);
    }
  }

  #failed(error: unknown): unknown {
    this.#ended = true;
    this.#stream.close();
    return error;
  }
}

/** The changed rows of a stream, those of one rows event at a time: one promise an event. */
export async function* changeBatchesOf(
  stream: Stream,
  options: StreamChangeOptions,
  skip: number,
): AsyncGenerator<readonly StreamChange[], void, undefined> {
  const rows = new EventRows(stream, options, skip);
  try {
    for (;;) {
      for (let event = stream.next(); event !== undefined; event = stream.next()) {
        rows.begin(event);
        if (rows.isUnnamed) await rows.name();
        const batch: StreamChange[] = [];
        for (let change = rows.next(); change !== undefined; change = rows.next()) batch.push(change);
        if (batch.length > 0) yield batch;
      }
      if (!(await stream.wait())) return;
    }
  } finally {
    stream.close();
  }
}
