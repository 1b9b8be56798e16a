import type { GtidList } from '../../binlog/index.ts';
import { formatMariadbGtid, MariadbBinlogState, type MariadbGtid } from '../../gtid/index.ts';
import type { Diagnose } from '../log-printer.ts';
import type { PrintOptions } from '../print-options.ts';
import type { GtidWindows } from './gtid-window.ts';

/**
 * Whether the logs can tell what was asked for, by the first GTID list; and `--gtid-strict-mode`: sequence numbers of what is
 * printed must rise in each domain, over all files. Without it `-vvv` warns of those that do not.
 */
export class GtidValidator {
  readonly #strict: boolean;
  readonly #warns: boolean;
  readonly #diagnose: Diagnose;
  readonly #windows: GtidWindows;
  /** Where the logs start. Undefined before their first list. */
  #initial: MariadbBinlogState | undefined;
  /** The highest of what was printed, by domain. */
  readonly #last = new Map<number, MariadbGtid>();
  readonly #outOfOrder = new Map<number, string[]>();

  constructor(options: PrintOptions, windows: GtidWindows, diagnose: Diagnose) {
    this.#strict = options.gtidStrictMode;
    this.#warns = !options.gtidStrictMode && options.verbose >= 3;
    this.#diagnose = diagnose;
    this.#windows = windows;
  }

  /** The state a file starts with; only the first file's says what the logs can tell. False ends the run. */
  acceptList(list: GtidList): boolean {
    if (this.#initial !== undefined) return true;
    const entries = list.gtids.map(({ domainId, serverId, sequence }) => ({
      domainId,
      serverId,
      seqNo: sequence,
    }));
    const state = new MariadbBinlogState(entries);
    this.#initial = state;
    const errors = [...this.#startErrors(entries), ...this.#stopErrors(state)];
    for (const error of errors) this.#diagnose(`ERROR: ${error}`);
    return errors.length === 0;
  }

  /** One for each entry of the list: a domain has as many as servers have written to it. */
  *#startErrors(entries: readonly MariadbGtid[]): Generator<string> {
    const starts = this.#windows.starts();
    if (starts.length === 0) return;
    for (const entry of entries) {
      const { domainId } = entry;
      const start = starts.find((each) => each.domainId === domainId);
      if (start === undefined) {
        yield `Starting GTID position list does not specify an initial value for domain ${domainId}, whose events may be ` +
          `present in the requested binlog file(s). The last known position for this domain was ${formatMariadbGtid(entry)}.`;
      } else if (entry.seqNo > start.seqNo) {
        yield `Binary logs are missing data for domain ${domainId}. Expected data to start from state ${formatMariadbGtid(start)}; ` +
          `however, the initial GTID state of the logs was ${formatMariadbGtid(entry)}.`;
      }
    }
  }

  *#stopErrors(state: MariadbBinlogState): Generator<string> {
    for (const stop of this.#windows.stops()) {
      const initial = state.mostRecent(stop.domainId);
      if (initial === undefined || initial.seqNo < stop.seqNo) continue;
      yield `--stop-position GTID ${formatMariadbGtid(stop)} does not exist in the specified binlog files. The current GTID state ` +
        `of domain ${stop.domainId} in the specified binary logs is ${formatMariadbGtid(initial)}`;
    }
  }

  /** A transaction that is printed. False ends the run. */
  acceptGtid(gtid: MariadbGtid): boolean {
    const { domainId } = gtid;
    const last = this.#last.get(domainId) ?? this.#initial?.mostRecent(domainId);
    // What lies before the start of the logs is of another history: it starts anew.
    const start = this.#startOf(domainId);
    if (last === undefined || gtid.seqNo > last.seqNo || (start !== undefined && gtid.seqNo < start.seqNo)) {
      this.#last.set(domainId, gtid);
      return true;
    }
    const problem = `Found out of order GTID. Got ${formatMariadbGtid(gtid)} after ${formatMariadbGtid(last)}`;
    if (this.#strict) {
      this.#diagnose(`ERROR: ${problem}`);
      return false;
    }
    const problems = this.#outOfOrder.get(domainId);
    if (problems === undefined) this.#outOfOrder.set(domainId, [problem]);
    else problems.push(problem);
    return true;
  }

  /** Where a domain starts: as asked for, or as the logs themselves say. */
  #startOf(domainId: number): MariadbGtid | undefined {
    const asked = this.#windows.starts().find((start) => start.domainId === domainId);
    return asked ?? this.#initial?.mostRecent(domainId);
  }

  /** The whole input has been read. False where a start was never reached. */
  finish(): boolean {
    if (this.#warns) {
      for (const problem of [...this.#outOfOrder.values()].flat()) this.#diagnose(`WARNING: ${problem}`);
    }
    let complete = true;
    const starts = new Map(this.#initial?.positions().map((gtid) => [gtid.domainId, gtid]));
    for (const start of this.#windows.starts()) starts.set(start.domainId, start);
    for (const start of starts.values()) {
      const last = this.#last.get(start.domainId) ?? this.#initial?.mostRecent(start.domainId);
      if (last !== undefined && last.seqNo >= start.seqNo) continue;
      const problem = `Binary logs never reached expected GTID state of ${formatMariadbGtid(start)}`;
      if (this.#strict) {
        this.#diagnose(`ERROR: ${problem}`);
        complete = false;
      } else if (this.#warns) {
        this.#diagnose(`WARNING: ${problem}`);
      }
    }
    return complete;
  }
}
