import type { HeldBytes } from './held-bytes.ts';
import type { SentTransaction } from './sent-transaction.ts';
import type { Command } from './unsent-statements.ts';

/** A command that has its place among the others of its session, and is not sent yet. */
export interface QueuedCommand {
  readonly command: Command;
  readonly transaction: SentTransaction;
  readonly isLast: boolean;
}

/** Commands of one session that wait until the server takes them. */
export class CommandQueue {
  #commands: QueuedCommand[] = [];
  readonly #held: HeldBytes;

  constructor(held: HeldBytes) {
    this.#held = held;
  }

  get length(): number {
    return this.#commands.length;
  }

  push(queued: QueuedCommand): void {
    this.#commands.push(queued);
    this.#held.queued += queued.command.bytes.length;
  }

  shift(): QueuedCommand | undefined {
    const queued = this.#commands.shift();
    if (queued !== undefined) this.#held.queued -= queued.command.bytes.length;
    return queued;
  }

  /** What failed, and what was sent behind it, goes before everything else. */
  unshift(commands: readonly QueuedCommand[]): void {
    const rest = this.#commands;
    this.#commands = [];
    for (const queued of commands) this.push(queued);
    this.#commands.push(...rest);
  }

  /** Takes back what waits of a transaction. */
  drop(transaction: SentTransaction): void {
    const all = this.#commands;
    this.clear();
    for (const queued of all) if (queued.transaction !== transaction) this.push(queued);
  }

  [Symbol.iterator](): IterableIterator<QueuedCommand> {
    return this.#commands.values();
  }

  clear(): void {
    for (const { command } of this.#commands) this.#held.queued -= command.bytes.length;
    this.#commands = [];
  }
}
