import type { Connection } from '../../connection/index.ts';
import { ServerError } from '../../errors/index.ts';
import type { CommandIo } from '../command-io.ts';
import { type Layout, type LayoutOptions, resultText, summary } from './result-text.ts';
import type { ClientCommand, SplitStatement } from './statement-splitter.ts';

export interface ClientOptions extends LayoutOptions {
  readonly layout: Layout;
  readonly force: boolean;
  /** A person is there: counts are shown, errors end nothing. */
  readonly interactive: boolean;
  readonly silent: boolean;
  readonly showWarnings: boolean;
}

const HELP = `Statements end in ; or \\g, or in \\G for values below one another.
  \\s status   \\c clear what was typed   \\q quit   \\h this   \\W, \\w show warnings, or not
  use SCHEMA   source FILE   delimiter TEXT
`;

/** Runs statements on a connection and writes what comes of them. */
export class SqlClient {
  readonly #connection: Connection;
  readonly #io: Pick<CommandIo, 'stdout' | 'stderr'>;
  readonly #options: ClientOptions;
  /** Some statement failed. */
  failed = false;
  #showsWarnings: boolean;

  constructor(connection: Connection, io: Pick<CommandIo, 'stdout' | 'stderr'>, options: ClientOptions) {
    this.#connection = connection;
    this.#io = io;
    this.#options = options;
    this.#showsWarnings = options.showWarnings;
  }

  /** @returns false: nothing more is to be run */
  async run(item: SplitStatement | ClientCommand): Promise<boolean> {
    if ('command' in item) return this.#command(item.command);
    const { force, interactive, layout } = this.#options;
    try {
      const started = performance.now();
      const result = await this.#connection.query(item.text);
      this.#say(resultText(result, item.vertical ? 'vertical' : layout, this.#options));
      if (interactive && !this.#options.silent) {
        this.#say(`${summary(result, (performance.now() - started) / 1000)}\n`);
      }
      if (this.#showsWarnings && result.warnings > 0) await this.#warnings();
      return true;
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.failed = true;
      const place = interactive ? '' : ` at line ${item.line}`;
      this.#complain(`ERROR ${error.errno} (${error.sqlState})${place}: ${error.message}\n`);
      return interactive || force;
    }
  }

  /** What is no statement fails like one. @returns as {@link run} */
  fail(line: number, reason: string): boolean {
    this.failed = true;
    this.#complain(this.#options.interactive ? `ERROR: ${reason}\n` : `ERROR at line ${line}: ${reason}\n`);
    return this.#options.interactive || this.#options.force;
  }

  async #command(command: ClientCommand['command']): Promise<boolean> {
    if (command === 'quit') return false;
    if (command === 'warnings' || command === 'nowarning') this.#showsWarnings = command === 'warnings';
    if (command === 'help') this.#say(HELP);
    if (command === 'status') await this.#status();
    return true;
  }

  async #status(): Promise<void> {
    const { connectionId, serverVersion, tls } = this.#connection;
    const { rows } = await this.#connection.query('SELECT DATABASE(), CURRENT_USER(), @@version_comment');
    const [schema, user, comment] = (rows[0] ?? []).map((value) => value?.toString() ?? '');
    const lines = [
      ['Connection id', String(connectionId)],
      ['Current database', schema ?? ''],
      ['Current user', user ?? ''],
      ['SSL', tls === undefined ? 'Not in use' : `${tls.protocol}, ${tls.cipher}, verified: ${tls.verified}`],
      ['Server version', `${serverVersion} ${comment ?? ''}`],
    ];
    const text = lines.map(([name, value]) => `${`${name}:`.padEnd(24)}${value}\n`).join('');
    this.#say(`--------------\n${text}--------------\n`);
  }

  async #warnings(): Promise<void> {
    const { rows } = await this.#connection.query('SHOW WARNINGS');
    for (const [level, code, message] of rows) this.#say(`${level} (Code ${code}): ${message}\n`);
  }

  #say(text: string): void {
    if (text !== '') this.#io.stdout.write(Buffer.from(text));
  }

  #complain(text: string): void {
    this.#io.stderr.write(Buffer.from(text));
  }
}
