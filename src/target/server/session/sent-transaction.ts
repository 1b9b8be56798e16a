import type { ErrorContext } from '../../../errors/index.ts';
import type { ConflictError } from '../../conflict.ts';
import {
  ALWAYS_RETAINED_BYTES,
  type HeldBytes,
  RETAINED_LIMIT,
  TRANSACTION_RETAINED_LIMIT,
} from './held-bytes.ts';
import type { SettingsBefore } from './settings-before.ts';
import type { Command } from './unsent-statements.ts';

/** Which transaction of the source it is. */
export interface SentContext {
  /** For messages. */
  readonly place: ErrorContext;
  /** Undefined: anonymous. */
  readonly gtid: string | undefined;
  /** What its session had been told before it; undefined: nothing that it changes. */
  readonly before?: SettingsBefore;
}

/** A transaction of the target, as commands: what was sent of it is kept so that it can be done again. */
export class SentTransaction {
  readonly context: SentContext;
  readonly #held: HeldBytes;
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

  constructor(context: SentContext, held: HeldBytes) {
    this.context = context;
    this.#held = held;
  }

  get commands(): readonly Command[] {
    return this.#commands;
  }

  /** Of all its commands so far, whether they are kept or not. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether it can be done again whatever else is kept, and is soon done. */
  get isSmall(): boolean {
    return this.#bytes <= ALWAYS_RETAINED_BYTES;
  }

  /** Whether all of its commands are kept. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Keeps a command, unless too much is kept already. `mustStay`: it may have to be sent again. */
  keep(command: Command, mustStay: boolean): void {
    this.#bytes += command.bytes.length;
    if (!this.#isWhole) return;
    this.#commands.push(command);
    this.#held.retained += command.bytes.length;
    const isWithin = this.#bytes <= TRANSACTION_RETAINED_LIMIT && this.#held.retained <= RETAINED_LIMIT;
    if (mustStay || this.isSmall || isWithin) return;
    this.release();
  }

  /** Keeps nothing any more. */
  release(): void {
    if (this.#isWhole) this.#held.retained -= this.#bytes;
    this.#isWhole = false;
    this.#commands = [];
  }
}
