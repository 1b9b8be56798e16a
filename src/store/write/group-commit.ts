import type { LogFile } from '../files/log-file.ts';
import type { LogFiles } from '../files/log-files.ts';
import type { LogSequenceOptions } from '../log-options.ts';
import type { LogHorizon } from '../read/log-horizon.ts';
import { cutFile } from '../recovery/recover-files.ts';
import type { LogAppender } from './log-appender.ts';
import type { LogTail } from './log-tail.ts';
import type { LogWriter } from './log-writer.ts';
import type { WriteJob } from './write-queue.ts';

/** Makes what was appended to a log durable, all that gathered at once, and shows it to its readers. One call at a time. */
export class GroupCommit<Mark> {
  readonly #options: LogSequenceOptions<Mark>;
  readonly #files: LogFiles;
  readonly #writer: LogWriter;
  readonly #appender: LogAppender<Mark>;
  readonly #horizon: LogHorizon;

  constructor(
    options: LogSequenceOptions<Mark>,
    files: LogFiles,
    writer: LogWriter,
    appender: LogAppender<Mark>,
    horizon: LogHorizon,
  ) {
    this.#options = options;
    this.#files = files;
    this.#writer = writer;
    this.#appender = appender;
    this.#horizon = horizon;
  }

  async write(job: WriteJob<Mark>): Promise<void> {
    const { tail, boundary, marks } = job;
    await this.#writer.write(job);
    this.#appender.written(job.bytes);
    if (boundary === undefined) return;
    const end = { number: this.#files.last!.number, position: boundary };
    const isElsewhere = await this.#options.elsewhere?.(end);
    if (isElsewhere !== true) {
      const recorded = this.#options.record?.(end, marks);
      await Promise.all([this.#writer.sync(), recorded]);
    }
    tail.show(boundary);
    this.#horizon.durable = end;
    this.#options.settled?.(marks, end);
    this.#horizon.wake();
  }

  /** A new file is one of the log's. */
  async create(file: LogFile, tail: LogTail, opening: Buffer): Promise<void> {
    await this.#writer.yielding(() => this.#writer.create(file.path, opening));
    await this.#files.add(file);
    tail.show(opening.length);
    this.#horizon.durable = { number: file.number, position: opening.length };
    this.#horizon.wake();
  }

  /** The newest file ends. Its readers hear of that when there is another, or the log is closed. */
  async finish(tail: LogTail, closing: Buffer, at: number): Promise<void> {
    this.#appender.finish(tail);
    await this.#writer.finish(closing, at);
    const position = at + closing.length;
    const last = this.#files.last!;
    last.size = position;
    this.#horizon.durable = { number: this.#horizon.durable.number, position };
  }

  /** After a failure: the newest file ends with what is durable. */
  async cutBack(): Promise<void> {
    await this.#writer.close().catch(() => undefined);
    const last = this.#files.last!;
    const { position } = this.#horizon.durable;
    await cutFile(this.#options.disk, last.path, position, Number.POSITIVE_INFINITY);
    last.size = position;
  }

  /** Writing failed. What readers saw stays; what was appended behind it never was. */
  abandon(): void {
    const { number, position } = this.#horizon.durable;
    for (const file of this.#files.all) file.marked = 0;
    const { last } = this.#files;
    this.#appender.abandon(last, position);
    this.#writer.abandon(last?.number === number ? position : undefined);
  }
}
