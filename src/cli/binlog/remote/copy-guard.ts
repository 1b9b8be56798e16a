import { decodeNext, type Flavor, LogState, type RawEvent } from '../../../binlog/index.ts';
import { LogCheck, MysqlbinlogGuard, mysqlbinlogErrorLine } from '../../../guard/index.ts';
import type { Checks } from '../options/index.ts';

/** A copy met an event that `--require-row-format` keeps out. */
export class ForbiddenEvent extends Error {
  /** Lines for standard error. */
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

/** `--require-row-format` of copies. Looks at every event of one dump, in order, before it is written. */
export interface CopyGuard {
  /**
   * `log`: the one that the event is of.
   *
   * @throws ForbiddenEvent, and FormatError where nobody can tell what the event does
   */
  check(event: RawEvent, log: string): void;
}

/** Undefined: everything may be copied. zstd must have been loaded. */
export function createCopyGuard(wanted: Checks['requireRowFormat'], flavor: Flavor): CopyGuard | undefined {
  if (wanted === 'off') return undefined;
  if (wanted === 'basic' && flavor === 'mysql') return new OriginalGuard();
  return new StrictCopyGuard();
}

/** mysqlbinlog's own, weaker rules. */
class OriginalGuard implements CopyGuard {
  readonly #guard = new MysqlbinlogGuard();
  readonly #state = new LogState();

  check(event: RawEvent): void {
    const body = decodeNext(event, this.#state);
    const verdict = this.#guard.checkEvent(event, body);
    if (!verdict.pass) throw new ForbiddenEvent([mysqlbinlogErrorLine(verdict)]);
  }
}

class StrictCopyGuard implements CopyGuard {
  readonly #check = new LogCheck();
  /** Where the event before ends. */
  #end = 0;

  check(event: RawEvent, log: string): void {
    // MariaDB's events inside transactions do not say where they stand.
    const start = event.logPos === 0 ? this.#end : event.logPos - event.length;
    const refusal = this.#check.check(event, this.#check.decode(event));
    if (refusal !== undefined) {
      throw new ForbiddenEvent([
        mysqlbinlogErrorLine(refusal),
        `hint: ${log}:${start} ${event.name}: ${refusal.sentence}`,
      ]);
    }
    this.#end = start + event.length;
  }
}
