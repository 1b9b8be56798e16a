import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { CommandIo } from '../command-io.ts';

/** Where the client writes. Text holds a byte in each character. */
export class ClientOutput {
  readonly #io: Pick<CommandIo, 'stdout' | 'stderr'>;
  #tee: number | undefined;
  /** The program that results go through: a command for the shell. */
  pager: string | undefined;
  /** Runs something that has the terminal for itself. */
  atTerminal: (run: () => void) => void = (run) => run();

  constructor(io: Pick<CommandIo, 'stdout' | 'stderr'>) {
    this.#io = io;
  }

  say(text: string): void {
    const bytes = Buffer.from(text, 'latin1');
    if (bytes.length > 0) this.#io.stdout.write(bytes);
    this.#copy(bytes);
  }

  /** Rows, which a pager may show. */
  sayResult(text: string): void {
    const { pager } = this;
    if (pager === undefined || text === '') {
      this.say(text);
      return;
    }
    const input = Buffer.from(text, 'latin1');
    this.atTerminal(() => spawnSync(pager, { shell: true, input, stdio: ['pipe', 'inherit', 'inherit'] }));
    this.#copy(input);
  }

  complain(text: string): void {
    const bytes = Buffer.from(text, 'latin1');
    this.#io.stderr.write(bytes);
    this.#copy(bytes);
  }

  /** Appends all of it to a file from now on, made for its owner alone. Throws what the system says where it cannot be opened. */
  tee(file: string): void {
    const opened = openSync(file, 'a', 0o600);
    this.endTee();
    this.#tee = opened;
  }

  endTee(): void {
    const file = this.#tee;
    this.#tee = undefined;
    if (file !== undefined) closeSync(file);
  }

  #copy(bytes: Buffer): void {
    if (this.#tee !== undefined) writeSync(this.#tee, bytes);
  }
}
