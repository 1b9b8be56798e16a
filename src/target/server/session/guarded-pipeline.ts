import type { Connection, Outcome, Pipeline } from '../../../connection/index.ts';
import { ServerError } from '../../../errors/index.ts';
import { guarded, numberStatement } from './command-guard.ts';
import type { Patience } from './patience.ts';
import type { Command } from './unsent-statements.ts';

/** Bytes of commands that are sent at once: what has been added by then, or when nothing else is left to be done. A TLS record. */
const WRITE_BYTES = 16 * 1024;

/**
 * Commands of one session, sent ahead of their answers. Each begins by asking whether the one before it succeeded, by a number that the
 * session keeps: when one fails, none of those behind it does anything.
 */
export class GuardedPipeline {
  readonly #connection: Connection;
  #pipeline: Pipeline | undefined;
  #number = 0;
  #isNumbered = false;
  #isClogged = false;
  #writing: NodeJS.Immediate | undefined;
  /** Sends what was added. Not waited for here: whoever sends may be the one who reads. */
  readonly #write = (): void => {
    if (this.#writing !== undefined) clearImmediate(this.#writing);
    this.#writing = undefined;
    const drained = this.#pipeline?.flush();
    if (drained === undefined || this.#isClogged) return;
    this.#isClogged = true;
    void drained.then(() => {
      this.#isClogged = false;
      this.#onDrained();
    });
  };
  readonly #onDrained: () => void;

  /** @param onDrained told when the server takes more again */
  constructor(connection: Connection, onDrained: () => void) {
    this.#connection = connection;
    this.#onDrained = onDrained;
  }

  /** Whether the session knows the number of the next command. */
  get isNumbered(): boolean {
    return this.#isNumbered;
  }

  /** The server takes no more for the moment. */
  get isClogged(): boolean {
    return this.#isClogged;
  }

  /** Statements that were answered, since the pipeline began. */
  get answered(): number {
    return this.#pipeline?.answered ?? 0;
  }

  get unanswered(): number {
    return this.#pipeline?.unanswered ?? 0;
  }

  /** Tells the session the number of the next command, and how long to wait. What another session left under that name says nothing here. */
  async number(patience: Patience): Promise<void> {
    await this.#connection.query(numberStatement(this.#number, patience));
    this.#isNumbered = true;
  }

  /**
   * Adds a command, which is sent soon.
   *
   * @param lockWait how long to wait for locks behind it, seconds; undefined: as in it
   * @returns how many answers come before those of its own statements
   */
  add(command: Command, lockWait: number | undefined): number {
    this.#pipeline ??= this.#connection.pipeline();
    const { pieces, statements, ahead } = guarded(command, this.#number, lockWait);
    this.#number += 1;
    this.#pipeline.add(pieces, statements);
    if (this.#pipeline.unsent >= WRITE_BYTES) this.#write();
    else this.#writing ??= setImmediate(this.#write);
    return ahead;
  }

  /** Lets go of what has been added and not been written yet. */
  push(): void {
    if (this.#writing !== undefined) this.#write();
  }

  /** Reads the answers of the command whose turn it is. @throws ServerError, ConnectionError */
  answer(onOutcome: ((outcome: Outcome, index: number) => void) | undefined): Promise<void> {
    return this.#pipeline!.answer(onOutcome);
  }

  /** After one has failed: the rest of what was sent has failed too, each because the one before it did. */
  async discard(): Promise<void> {
    const pipeline = this.#pipeline;
    this.#write();
    while (pipeline !== undefined && pipeline.unanswered > 0) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- answers come one after the other
        await pipeline.answer();
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
      }
    }
    this.end();
    this.#isNumbered = false;
  }

  /** The connection takes questions again. */
  end(): void {
    this.#pipeline?.end();
    this.#pipeline = undefined;
  }
}
