import { RowlockError } from '../../errors/index.ts';
import type { Retry, SourcePosition } from '../../replication/index.ts';
import type { ConflictError, ReplicationProgress } from '../../target/index.ts';
import type { ByteSink } from '../command-io.ts';

const EVERY_MS = 500;
const CLEAR_LINE = '\r\u001b[K';
/** Conflicts that are shown one by one; the rest is counted. */
const SHOWN_CONFLICTS = 20;

/** What the command says while it runs: lines, and on a terminal one more that moves. */
export class Report {
  readonly #sink: ByteSink;
  readonly #program: string;
  readonly #silent: boolean;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #visible = false;
  #conflicts = 0;

  constructor(sink: ByteSink, program: string, silent: boolean, now: () => number = Date.now) {
    this.#sink = sink;
    this.#program = program;
    this.#silent = silent;
    this.#now = now;
  }

  get conflicts(): number {
    return this.#conflicts;
  }

  say(line: string): void {
    if (!this.#silent) this.complain(line);
  }

  complain(line: string): void {
    this.#clear();
    this.#write(`${this.#program}: ${line}\n`);
  }

  retry(what: 'source' | 'target', { error, attempt, delayMs }: Retry): void {
    const why = error instanceof RowlockError ? error.describe() : String(error);
    this.say(`lost the ${what} (${why}); attempt ${attempt} to go on in ${(delayMs / 1000).toFixed(1)} s`);
  }

  conflict(conflict: ConflictError, rule: string): void {
    this.#conflicts += 1;
    const done = rule === 'skip' ? 'skipped' : 'overwritten';
    if (this.#conflicts <= SHOWN_CONFLICTS) this.say(`${done}: ${conflict.describe()}`);
    if (this.#conflicts === SHOWN_CONFLICTS) this.say('more rows like this are counted, not shown');
  }

  /** Keeps the moving line up to date until {@link end}. */
  begin(progress: () => ReplicationProgress): void {
    const startedAt = this.#now();
    this.beginLine(() => progressLine(progress(), this.#now(), startedAt));
  }

  /** The same, of any line. */
  beginLine(line: () => string): void {
    if (this.#silent || !this.#sink.isTerminal) return;
    this.#timer = setInterval(() => {
      this.#visible = true;
      this.#write(`${CLEAR_LINE}${line()}`);
    }, EVERY_MS);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #clear(): void {
    if (this.#visible) this.#write(CLEAR_LINE);
    this.#visible = false;
  }

  #write(text: string): void {
    this.#sink.write(Buffer.from(text));
  }
}

/** `at binlog.000003:4711`, `behind 0-1-7` */
export function placeText({ file, position, gtids }: SourcePosition): string {
  return file === undefined ? `behind ${gtids ?? ''}` : `at ${file}:${position ?? 4}`;
}

/** `binlog.000003:4711, 12345 transactions, 34.5 MB, 2.1 MB/s, 3 s behind` */
function progressLine(progress: ReplicationProgress, now: number, startedAt: number): string {
  const { file, position, transactions, bytes, lastTimestamp, isWaiting } = progress;
  const place = file === '' ? 'connecting' : `${file}:${position}`;
  const seconds = Math.max(0.001, (now - startedAt) / 1000);
  const behind =
    isWaiting || lastTimestamp === 0
      ? 'waiting for more'
      : `${(bytes / 1e6 / seconds).toFixed(1)} MB/s, ${Math.max(0, Math.floor(now / 1000) - lastTimestamp)} s behind`;
  return `${place}, ${transactions} transactions, ${(bytes / 1e6).toFixed(1)} MB, ${behind}`;
}
