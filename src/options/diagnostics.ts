import type { Dialect } from './definition.ts';
import type { OptionMessages } from './messages.ts';
import { FatalOptionError, OptionError, type WarningSink } from './option-error.ts';

/**
 * Takes warnings and errors in the order they come up. MySQL's programs end at the first error. MariaDB's report every
 * wrong option and end with the last one's status: the newest error waits here, and is printed when something follows it.
 */
export class Diagnostics {
  readonly #dialect: Dialect;
  readonly #messages: OptionMessages;
  readonly #sink: WarningSink;
  #pending: OptionError | undefined;

  constructor(dialect: Dialect, messages: OptionMessages, sink: WarningSink) {
    this.#dialect = dialect;
    this.#messages = messages;
    this.#sink = sink;
  }

  /** Prints one finished line. */
  warn(line: string): void {
    this.#print();
    this.#sink(line);
  }

  /** An error with a text of {@link OptionMessages}. */
  error(text: string, exitStatus: number): void {
    this.fail(new OptionError([this.#messages.error(text)], exitStatus));
  }

  /** @throws OptionError in MySQL's dialect, and always for a {@link FatalOptionError}. */
  fail(error: OptionError): void {
    this.#print();
    if (this.#dialect === 'mysql' || error instanceof FatalOptionError) throw error;
    this.#pending = error;
  }

  /** @throws OptionError if there was one: the last. */
  finish(): void {
    if (this.#pending !== undefined) throw this.#pending;
  }

  #print(): void {
    if (this.#pending === undefined) return;
    for (const line of this.#pending.lines) this.#sink(line);
    this.#pending = new OptionError([], this.#pending.exitStatus);
  }
}
