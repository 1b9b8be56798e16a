import type { MariadbGtid as GtidBody, GtidList } from '../../binlog/index.ts';
import {
  formatMariadbGtid,
  MariadbBinlogState,
  type MariadbGtid,
  parseMariadbGtidList,
} from '../../gtid/index.ts';
import type { Diagnose } from '../log-printer.ts';
import type { PrintOptions } from '../print-options.ts';

/** The part of one domain that is printed: after `start`, up to and including `stop`. */
interface Window {
  readonly start: MariadbGtid | undefined;
  readonly stop: MariadbGtid | undefined;
  isOpen: boolean;
  hasPassed: boolean;
}

function byDomain(text: string | undefined): Map<number, MariadbGtid> {
  return new Map(text === undefined ? [] : parseMariadbGtidList(text).map((gtid) => [gtid.domainId, gtid]));
}

/**
 * `--start-position` and `--stop-position` as GTID lists, `--do-domain-ids`, `--ignore-domain-ids`: which transactions are printed.
 *
 * A start leaves the domains that it does not name alone; a stop shuts them out.
 */
export class GtidWindows {
  readonly #windows = new Map<number, Window>();
  readonly #hasStops: boolean;
  readonly #doDomains: ReadonlySet<number>;
  readonly #ignoreDomains: ReadonlySet<number>;

  constructor(options: PrintOptions) {
    const starts = byDomain(options.startGtids);
    const stops = byDomain(options.stopGtids);
    this.#hasStops = options.stopGtids !== undefined;
    for (const domainId of new Set([...starts.keys(), ...stops.keys()])) {
      const start = starts.get(domainId);
      const stop = stops.get(domainId);
      this.#windows.set(domainId, { start, stop, isOpen: start === undefined, hasPassed: false });
    }
    this.#doDomains = new Set(options.doDomainIds);
    this.#ignoreDomains = new Set(options.ignoreDomainIds);
  }

  /** Whether any of it is in use: the text then ends by giving server and domain id back. */
  get isInUse(): boolean {
    return this.#windows.size > 0 || this.#doDomains.size > 0 || this.#ignoreDomains.size > 0;
  }

  /** Whether every stop has been reached: nothing more will be printed. */
  get isFinished(): boolean {
    if (!this.#hasStops) return false;
    for (const { stop, hasPassed } of this.#windows.values()) {
      if (stop !== undefined && !hasPassed) return false;
    }
    return true;
  }

  /** Whether a transaction is printed. Windows open and close as their transactions come by. */
  includes({ domainId, seqNo }: MariadbGtid): boolean {
    if (this.#doDomains.size > 0 && !this.#doDomains.has(domainId)) return false;
    if (this.#ignoreDomains.has(domainId)) return false;
    const window = this.#windows.get(domainId);
    if (window === undefined) return !this.#hasStops;
    const { start, stop } = window;
    if (window.hasPassed) return false;
    let included = window.isOpen;
    if (start !== undefined && !window.isOpen && seqNo >= start.seqNo) {
      window.isOpen = true;
      included = seqNo > start.seqNo;
    }
    if (stop !== undefined && window.isOpen && seqNo >= stop.seqNo) {
      window.isOpen = false;
      window.hasPassed = true;
      included &&= seqNo === stop.seqNo;
    }
    return included;
  }

  starts(): MariadbGtid[] {
    return [...this.#windows.values()].flatMap(({ start }) => start ?? []);
  }

  stops(): MariadbGtid[] {
    return [...this.#windows.values()].flatMap(({ stop }) => stop ?? []);
  }
}

export function gtidOf(body: GtidBody, serverId: number): MariadbGtid {
  return { domainId: body.domainId, serverId, seqNo: body.sequence };
}

/**
 * `--gtid-strict-mode`: sequence numbers of a domain must rise, over all files; and what the lists ask for must be there. Without
 * it the same is warned about.
 */
export class GtidValidator {
  readonly #strict: boolean;
  readonly #verbose: boolean;
  readonly #diagnose: Diagnose;
  readonly #windows: GtidWindows;
  readonly #last = new Map<number, MariadbGtid>();
  #isFirstList = true;

  constructor(options: PrintOptions, windows: GtidWindows, diagnose: Diagnose) {
    this.#strict = options.gtidStrictMode;
    this.#verbose = options.verbose >= 3;
    this.#diagnose = diagnose;
    this.#windows = windows;
  }

  /** The state a file starts with; only that of the first says what the logs can still tell. False ends the run. */
  acceptList(list: GtidList): boolean {
    if (!this.#isFirstList) return true;
    this.#isFirstList = false;
    const state = new MariadbBinlogState(
      list.gtids.map(({ domainId, serverId, sequence }) => ({ domainId, serverId, seqNo: sequence })),
    );
    for (const gtid of state.positions()) this.#last.set(gtid.domainId, gtid);
    for (const start of this.#windows.starts()) {
      const initial = state.mostRecent(start.domainId);
      if (initial === undefined || initial.seqNo <= start.seqNo) continue;
      this.#complain(
        `Binary logs are missing data for domain ${start.domainId}. Expected data to start from state ` +
          `${formatMariadbGtid(start)}; however, the initial GTID state of the logs was ${formatMariadbGtid(initial)}.`,
      );
      if (this.#strict) return false;
    }
    return true;
  }

  /** False ends the run. */
  acceptGtid(gtid: MariadbGtid): boolean {
    const last = this.#last.get(gtid.domainId);
    if (last !== undefined && gtid.seqNo <= last.seqNo) {
      this.#complain(
        `Found out of order GTID. Got ${formatMariadbGtid(gtid)} after ${formatMariadbGtid(last)}`,
      );
      return !this.#strict;
    }
    this.#last.set(gtid.domainId, gtid);
    return true;
  }

  /** The end of the input. False where a start was never reached. */
  finish(): boolean {
    let complete = true;
    for (const start of this.#windows.starts()) {
      const last = this.#last.get(start.domainId);
      if (last !== undefined && last.seqNo >= start.seqNo) continue;
      this.#complain(`Binary logs never reached expected GTID state of ${formatMariadbGtid(start)}`);
      complete = false;
    }
    for (const stop of this.#windows.stops()) {
      const last = this.#last.get(stop.domainId);
      if (last !== undefined && last.seqNo >= stop.seqNo) continue;
      this.#diagnose(`WARNING: Did not reach stop position ${formatMariadbGtid(stop)} before end of input`);
    }
    return complete || !this.#strict;
  }

  #complain(text: string): void {
    if (this.#strict) this.#diagnose(`ERROR: ${text}`);
    else if (this.#verbose) this.#diagnose(`WARNING: ${text}`);
  }
}
