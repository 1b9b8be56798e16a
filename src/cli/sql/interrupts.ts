import type { Connection } from '../../connection/index.ts';

/** What Ctrl-C does while a statement runs: a second connection ends the statement, and the session goes on. */
export class Interrupts {
  readonly #connection: Connection;
  readonly #login: () => Promise<Connection>;
  readonly #complain: (text: string) => void;
  #isRunning: () => boolean = () => false;
  readonly #onSignal = (): void => {
    if (this.#isRunning()) void this.killQuery();
  };
  #killing: Promise<void> | undefined;

  constructor(connection: Connection, login: () => Promise<Connection>, complain: (text: string) => void) {
    this.#connection = connection;
    this.#login = login;
    this.#complain = complain;
  }

  /** Takes SIGINT until {@link end}. Where nothing runs it is passed over, as by mysql. */
  listen(isRunning: () => boolean): void {
    this.#isRunning = isRunning;
    process.on('SIGINT', this.#onSignal);
  }

  end(): void {
    process.off('SIGINT', this.#onSignal);
  }

  /** Ends the statement that runs. Where that cannot be done, the connection is dropped. */
  killQuery(): Promise<void> {
    this.#killing ??= this.#kill().finally(() => {
      this.#killing = undefined;
    });
    return this.#killing;
  }

  async #kill(): Promise<void> {
    try {
      const other = await this.#login();
      // Before what comes of the statement.
      this.#complain('^C -- query aborted\n');
      await other.query(`KILL QUERY ${this.#connection.connectionId}`);
      await other.close();
    } catch (error) {
      this.#complain('^C -- the statement cannot be ended; the connection is given up\n');
      this.#connection.destroy(error as Error);
    }
  }
}
