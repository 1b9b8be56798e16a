import { EventRows } from './event-rows.ts';
import type { FollowedLog } from './followed-log.ts';
import type { StreamChange } from './stream-change.ts';
import type { StreamChangeOptions } from './stream-options.ts';

const DONE: Promise<IteratorReturnResult<undefined>> = Promise.resolve({ done: true, value: undefined });

/**
 * What is made of the rows of a stream, one after the other. An iterator by hand: what is here already is given without waiting for
 * anything else, which an async generator does three times an item.
 */
abstract class OfRows<Item extends object> implements AsyncIterableIterator<Item, undefined> {
  protected readonly log: FollowedLog;
  protected readonly rows: EventRows;
  #ended = false;
  /** The call before, as long as it waits: calls are answered one after the other, as those of generators are. */
  #waiting: Promise<unknown> | undefined;

  constructor(log: FollowedLog, options: StreamChangeOptions, skip: number) {
    this.log = log;
    this.rows = new EventRows(log, options, skip);
  }

  /** The next item of what is here; undefined: something must be awaited. */
  protected abstract advance(): Item | undefined;

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    const waiting = this.#waiting;
    if (waiting === undefined) return this.#step();
    const step = () => this.#step();
    return this.#awaited(waiting.then(step, step));
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#ended = true;
    this.log.close();
    return DONE;
  }

  #step(): Promise<IteratorResult<Item, undefined>> {
    if (this.#ended) return DONE;
    try {
      const item = this.advance();
      return item === undefined
        ? this.#awaited(this.#await())
        : Promise.resolve({ done: false, value: item });
    } catch (error) {
      return Promise.reject(this.#failed(error));
    }
  }

  /** Before whoever asked is told, it is over here. */
  #awaited<Answer>(answer: Promise<Answer>): Promise<Answer> {
    this.#waiting = answer;
    const over = (): void => {
      if (this.#waiting === answer) this.#waiting = undefined;
    };
    answer.then(over, over);
    return answer;
  }

  async #await(): Promise<IteratorResult<Item, undefined>> {
    try {
      for (;;) {
        const item = this.advance();
        if (item !== undefined) return { done: false, value: item };
        if (this.rows.isUnnamed && !this.log.isStopped) await this.rows.name();
        else if (this.#ended || !(await this.log.wait())) {
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
    this.log.close();
    return error;
  }
}

/** The changed rows of a stream, one by one. */
export class StreamChanges extends OfRows<StreamChange> {
  protected override advance(): StreamChange | undefined {
    const { rows, log } = this;
    if (log.isStopped) return undefined;
    for (;;) {
      const change = rows.next();
      if (change !== undefined || rows.isUnnamed) return change;
      const event = log.next();
      if (event === undefined) return undefined;
      rows.begin(event);
    }
  }
}

/** The changed rows of a stream, those of one rows event at a time: one promise an event. */
export class StreamBatches extends OfRows<readonly StreamChange[]> {
  protected override advance(): readonly StreamChange[] | undefined {
    const { rows, log } = this;
    for (;;) {
      const first = rows.next();
      if (first !== undefined) {
        const batch = [first];
        for (let change = rows.next(); change !== undefined; change = rows.next()) batch.push(change);
        return batch;
      }
      if (rows.isUnnamed) return undefined;
      const event = log.next();
      if (event === undefined) return undefined;
      rows.begin(event);
    }
  }
}
