import type { ErrorContext } from '../../../errors/index.ts';
import type { ConflictError } from '../../conflict.ts';
import type { Command } from './unsent-statements.ts';

/** Bytes of commands that are kept, by all sessions of a target, so that their transactions can be tried again. */
const RETAINED_LIMIT = 64 * 1024 * 1024;
/** Transactions of no more bytes are kept in any case: they may come late to their turn. */
export const ALWAYS_RETAINED_BYTES: number = 64 * 1024;

/** What sessions of one target share. */
export interface Retained {
  bytes: number;
}

/** Which transaction of the source it is. */
export interface SentContext {
  /** For messages. */
  readonly place: ErrorContext;
  /** Undefined: anonymous. */
  readonly gtid: string | undefined;
}

/** A transaction of the target, as commands: what was sent of it is kept so that it can be done again. */
export class SentTransaction {
  readonly context: SentContext;
  readonly #retained: Retained;
  #commands: Command[] = [];
  #bytes = 0;
  #isWhole = true;
  /** How often it failed. */
  tries = 0;
  /** How often it came late to its turn. */
  lates = 0;
  /** How long it waits for locks: that is asked for along with a command, and so once that has been answered. */
  patience: 'short' | 'asked' | 'long' = 'short';
  onDone: (() => void) | undefined = undefined;
  /** Of the commands that have succeeded. */
  conflicts: ConflictError[] = [];

  constructor(context: SentContext, retained: Retained) {
    this.context = context;
    this.#retained = retained;
  }

  get commands(): readonly Command[] {
    return this.#commands;
  }

  /** Of the commands that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether all of its commands are kept. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Keeps a command, unless too much is kept already. `mustStay`: it will be sent again. */
  keep(command: Command, mustStay: boolean): void {
    if (!this.#isWhole) return;
    this.#commands.push(command);
    this.#bytes += command.bytes.length;
    this.#retained.bytes += command.bytes.length;
    if (mustStay || this.#bytes <= ALWAYS_RETAINED_BYTES || this.#retained.bytes <= RETAINED_LIMIT) return;
    this.#isWhole = false;
    this.release();
  }

  release(): void {
    this.#commands = [];
    this.#retained.bytes -= this.#bytes;
    this.#bytes = 0;
  }
}
