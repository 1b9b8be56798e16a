import type { ChildProcess } from 'node:child_process';
import { ServerError } from '../../../errors/index.ts';
import type { ViewRow } from '../view.ts';
import type { ReadOrder, ReadReply, ReadResult } from './read-order.ts';

/**
 * Starts a process that carries out read orders: messages of `serialization: 'advanced'`, see {@link openReads}. It is a process, for
 * nothing else can be ended while SQLite looks for the next row: a thread goes on until it has found one.
 */
export type StartReader = () => ChildProcess;

/** ER_CANT_CREATE_THREAD */
const notStarted = (error: NodeJS.ErrnoException): ServerError =>
  new ServerError(
    1135,
    'HY000',
    `Can't create a new thread (errno ${Math.abs(error.errno ?? 0)}); if you are not out of available memory, you can consult the manual for a possible OS-dependent bug`,
    { cause: error },
  );

/** A process beside the relay's, which reads for one query at a time. */
export class ReaderProcess {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #isGone = false;

  /** The first {@link read} tells whether there is a process to be had. */
  constructor(start: StartReader) {
    const child = start();
    this.#child = child;
    this.#gone = new Promise((resolve) => {
      const end = (): void => {
        this.#isGone = true;
        resolve();
      };
      // One that was never started has no exit.
      child.once('exit', end).on('error', () => child.pid === undefined && end());
    });
  }

  /** It takes no order any more. */
  get isGone(): boolean {
    return this.#isGone || this.#child.killed;
  }

  /** Carries out an order. @throws ServerError what it came to; 1135; or the reason of `signal`: the process is ended then */
  read(order: ReadOrder, signal: AbortSignal | undefined): Promise<ReadResult> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const rows: ViewRow[] = [];
      let origins: ReadResult['origins'] = [];
      const hear = (message: unknown): void => {
        const reply = message as ReadReply;
        if (reply.kind === 'columns') ({ origins } = reply);
        else if (reply.kind === 'rows') rows.push(...reply.rows);
        else {
          unlisten();
          if (reply.kind === 'done') resolve({ origins, rows, warnings: reply.warnings });
          else reject(new ServerError(reply.errno, reply.sqlState, reply.message));
        }
      };
      const giveUp = (reason: unknown): void => {
        unlisten();
        void this.end();
        reject(reason);
      };
      const interrupt = (): void => giveUp(signal?.reason);
      const lost = (): void =>
        giveUp(new ServerError(1105, 'HY000', 'The process that read the tables ended'));
      const fail = (error: Error): void => (child.pid === undefined ? giveUp(notStarted(error)) : lost());
      const unlisten = (): void => {
        child.off('message', hear).off('exit', lost).off('error', fail);
        signal?.removeEventListener('abort', interrupt);
      };
      child.on('message', hear).on('exit', lost).on('error', fail);
      signal?.addEventListener('abort', interrupt);
      if (signal?.aborted === true) interrupt();
      else if (child.pid !== undefined) child.send(order, (error) => error !== null && fail(error));
    });
  }

  /** Ends it at once, whatever it does. It only reads: nothing is left half done. */
  end(): Promise<void> {
    this.#child.kill('SIGKILL');
    return this.#gone;
  }
}
