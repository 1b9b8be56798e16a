import { readFileSync, realpathSync } from 'node:fs';
import type { Connection, ResultSet } from '../../connection/index.ts';
import { ServerError } from '../../errors/index.ts';
import type { ClientOutput } from './client-output.ts';
import { columnInfo } from './column-info.ts';
import { commandsHelp } from './commands.ts';
import { linesOf } from './input-lines.ts';
import { html, xml } from './markup-text.ts';
import { type LayoutOptions, plainLayouts } from './result-text.ts';
import {
  type ClientCommand,
  type SplitItem,
  type SplitStatement,
  StatementSplitter,
} from './statement-splitter.ts';
import { statusText } from './status-text.ts';

/** How rows are written. */
export type Layout = 'table' | 'batch' | 'vertical' | 'html' | 'xml';

export interface ClientOptions extends LayoutOptions {
  readonly layout: Layout;
  readonly force: boolean;
  /** A person is there: errors end nothing. */
  readonly interactive: boolean;
  /** Statements are shown before their results from 1 on, counts of rows from 2 on, times from 3 on. */
  readonly verbose: number;
  /** No counts of rows for a person. */
  readonly silent: boolean;
  readonly showWarnings: boolean;
  readonly columnTypeInfo: boolean;
  /** Errors say on which line. */
  readonly lineNumbers: boolean;
}

/** SERVER_STATUS_NO_BACKSLASH_ESCAPES */
const NO_BACKSLASH_ESCAPES = 512;

const bytesOf = (text: string): string => Buffer.from(text).toString('latin1');

/** What mysql can do and this client does not; the words say what to do instead. */
const ABSENT: Partial<Record<ClientCommand['command'], string>> = {
  connect: 'connect is not there: end this client and start another one',
  edit: 'edit is not there: write a file and run it with source',
  system: 'system is not there: statements cannot run programs here',
};

/** Runs statements on a connection and writes what comes of them. */
export class SqlClient {
  readonly #connection: Connection;
  readonly #output: ClientOutput;
  readonly #options: ClientOptions;
  /** An error ended what was to be run. */
  failed = false;
  /** Asked for by `prompt`. */
  prompt: string | undefined;
  /** A statement was sent, and its answer is not whole. */
  isRunning = false;
  /** Statements that were sent. */
  count = 0;
  /** The schema in use, as far as USE of this client says. */
  schema = '';
  #showsWarnings: boolean;
  #delimiter = ';';
  #backslashEscapes = true;
  /** A command may hold several statements. */
  #several = false;
  /** Files that are being read, from the first on, with their names as given. */
  readonly #files: { readonly path: string; readonly name: string }[] = [];

  constructor(connection: Connection, output: ClientOutput, options: ClientOptions) {
    this.#connection = connection;
    this.#output = output;
    this.#options = options;
    this.#showsWarnings = options.showWarnings;
  }

  /** Statements of a text, until one fails. @returns false: nothing more is to be run */
  async runLines(lines: Iterable<string> | AsyncIterable<string>, delimiter?: string): Promise<boolean> {
    const splitter = new StatementSplitter(delimiter ?? this.#delimiter);
    for await (const line of lines) if (!(await this.runLine(splitter, line))) return false;
    return this.#runAll(splitter, splitter.finish());
  }

  /** What a line completes. @returns as {@link runLines} */
  async runLine(splitter: StatementSplitter, line: string): Promise<boolean> {
    return this.#runAll(splitter, splitter.push(line));
  }

  async #runAll(splitter: StatementSplitter, items: Iterable<SplitItem>): Promise<boolean> {
    for (const item of items) {
      this.#delimiter = splitter.delimiter;
      if (!(await this.#run(item))) return false;
      splitter.delimiter = this.#delimiter;
      splitter.backslashEscapes = this.#backslashEscapes;
    }
    this.#delimiter = splitter.delimiter;
    return true;
  }

  async #run(item: SplitItem): Promise<boolean> {
    if ('failure' in item) return this.#fail(item.line, item.failure);
    return 'command' in item ? this.#command(item) : this.#statement(item);
  }

  async #statement(item: SplitStatement): Promise<boolean> {
    const { verbose, interactive, silent } = this.#options;
    if (verbose > 0 && item.schema === undefined) this.#print(item.text);
    this.count += 1;
    // What another delimiter ends may be several statements.
    if (this.#delimiter !== ';' && !this.#several) {
      await this.#connection.allowSeveral(true);
      this.#several = true;
    }
    this.isRunning = true;
    let warnings = 0;
    let started = performance.now();
    try {
      for await (const result of this.#connection.results(Buffer.from(item.text, 'latin1'))) {
        if (item.schema !== undefined) this.schema = item.schema;
        this.#backslashEscapes = (result.status & NO_BACKSLASH_ESCAPES) === 0;
        warnings = result.warnings;
        if (item.schema !== undefined) {
          if (interactive && !silent) this.#output.say('Database changed\n');
          continue;
        }
        const seconds = (performance.now() - started) / 1000;
        this.#show(result, item, seconds);
        started = performance.now();
      }
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      const goesOn = this.#complain(`${error.errno} (${error.sqlState})`, item.line, error.message);
      if (this.#showsWarnings) await this.#warnings(error.errno);
      return goesOn;
    } finally {
      this.isRunning = false;
    }
    if (this.#showsWarnings && warnings > 0) await this.#warnings();
    return true;
  }

  #show(result: ResultSet, { wholeText, text, vertical }: SplitStatement, seconds: number): void {
    const { layout, interactive, silent, verbose, columnTypeInfo } = this.#options;
    if (result.columns.length > 0) {
      const shape = vertical && isPlain(layout) ? 'vertical' : layout;
      const info = columnTypeInfo && shape === 'table' ? columnInfo(result) : '';
      const statement = verbose > 0 ? text : wholeText;
      this.#output.sayResult(info + this.#layout(result, shape, statement));
    }
    if (interactive ? silent : verbose < 2) return;
    const time = verbose > 2 || !silent ? ` (${seconds.toFixed(3)} sec)` : '';
    const told = result.info.length === 0 ? '' : `${result.info.toString('latin1')}\n`;
    this.#output.say(`${summary(result)}${time}\n${told}\n`);
  }

  #layout(result: ResultSet, layout: Layout, statement: string): string {
    if (layout === 'xml') return xml(result, statement, this.#options);
    // With --column-type-info the names of columns without rows are of interest, too.
    if (result.rows.length === 0 && !(this.#options.columnTypeInfo && layout === 'batch')) return '';
    return layout === 'html' ? html(result, this.#options) : plainLayouts[layout](result, this.#options);
  }

  async #command({ command, text, pending, line }: ClientCommand): Promise<boolean> {
    const absent = ABSENT[command];
    if (absent !== undefined) return this.#fail(line, absent);
    if (command === 'quit' || command === 'exit') return false;
    if (command === 'source') return this.#source(line, text);
    if (command === 'tee') return this.#tee(line, text);
    if (command === 'warnings' || command === 'nowarning') this.#showsWarnings = command === 'warnings';
    if (command === 'help') this.#output.say(commandsHelp());
    if (command === 'status') this.#output.say(bytesOf(await statusText(this.#connection)));
    if (command === 'print') this.#print(pending);
    if (command === 'prompt') this.prompt = text === '' ? undefined : text;
    if (command === 'notee') {
      this.#output.endTee();
      this.#output.say('Outfile disabled.\n');
    }
    if (command === 'pager' && this.#options.interactive) this.#page(text);
    if (command === 'nopager') {
      this.#output.pager = undefined;
      this.#output.say('PAGER set to stdout\n');
    }
    if (command === 'resetconnection') await this.#connection.reset();
    return true;
  }

  #page(text: string): void {
    const pager = text || this.#output.pager;
    this.#output.pager = pager === 'stdout' ? undefined : pager;
    this.#output.say(`PAGER set to '${this.#output.pager ?? 'stdout'}'\n`);
  }

  #tee(line: number, file: string): boolean {
    if (file === '') return this.#fail(line, 'No previous outfile available, you must give a filename!');
    try {
      this.#output.tee(nameOnDisk(file));
    } catch (error) {
      return this.#fail(line, openFailure(file, error));
    }
    this.#output.say(`Logging to file '${file}'\n`);
    return true;
  }

  async #source(line: number, file: string): Promise<boolean> {
    if (file === '') return this.#fail(line, 'Usage: \\. <filename> | source <filename>');
    let text: string;
    let path: string;
    try {
      path = realpathSync(nameOnDisk(file));
      text = readFileSync(path, 'latin1');
    } catch (error) {
      return this.#fail(line, openFailure(file, error));
    }
    // Nothing in a file can end that: mysql reads on until its stack is full.
    if (this.#files.some((open) => open.path === path)) {
      return this.#fail(line, `'${file}' is being read already: a file that sources itself has no end`);
    }
    this.#files.push({ path, name: file });
    const goesOn = await this.runLines(linesOf(text));
    this.#files.pop();
    return goesOn;
  }

  async #warnings(errno?: number): Promise<void> {
    const { rows } = await this.#connection.query('SHOW WARNINGS');
    // The error that was just shown.
    if (rows.length === 1 && errno !== undefined && Number(rows[0]![1]?.toString()) === errno) return;
    const texts = rows.map((row) => row.map((value) => value?.toString('latin1') ?? ''));
    this.#output.sayResult(
      texts.map(([level, code, message]) => `${level} (Code ${code}): ${message}\n`).join(''),
    );
  }

  /** What is no statement fails like one. */
  #fail(line: number, reason: string): boolean {
    return this.#complain('', line, reason, true);
  }

  #complain(number: string, line: number, message: string, isBytes = false): boolean {
    const { interactive, force, lineNumbers } = this.#options;
    const file = this.#files.at(-1)?.name;
    const place =
      interactive || !lineNumbers ? '' : ` at line ${line}${file === undefined ? '' : ` in file: '${file}'`}`;
    const text = isBytes ? message : bytesOf(message);
    this.#output.complain(`ERROR${number === '' ? '' : ` ${number}`}${place}: ${text}\n`);
    const goesOn = interactive || force;
    if (!goesOn) this.failed = true;
    return goesOn;
  }

  /** A statement between rules. */
  #print(text: string): void {
    this.#output.say(`--------------\n${text.trimEnd()}\n--------------\n\n`);
  }
}

const isPlain = (layout: Layout): boolean => layout !== 'xml' && layout !== 'html';

/** `1 row in set, 1 warning` */
function summary({ columns, rows, affectedRows, warnings }: ResultSet): string {
  const plural = (count: number | bigint): string => (Number(count) === 1 ? '' : 's');
  const what =
    columns.length === 0
      ? `Query OK, ${affectedRows} row${plural(affectedRows)} affected`
      : rows.length === 0
        ? 'Empty set'
        : `${rows.length} row${plural(rows.length)} in set`;
  return warnings === 0 ? what : `${what}, ${warnings} warning${plural(warnings)}`;
}

const nameOnDisk = (file: string): string => Buffer.from(file, 'latin1').toString();

/** `Failed to open file 'x', error: 2`, as mysql says it, and what that is. */
function openFailure(file: string, error: unknown): string {
  const { errno = 0, message } = error as NodeJS.ErrnoException;
  return `Failed to open file '${file}', error: ${-errno}: ${bytesOf(message.replace(/^\w+: |, .*$/g, ''))}`;
}
