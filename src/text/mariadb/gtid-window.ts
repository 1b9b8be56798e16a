import type { MariadbGtid as GtidBody } from '../../binlog/index.ts';
import { type MariadbGtid, parseMariadbGtidList } from '../../gtid/index.ts';
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

  /** Whether domains are chosen: then server ids decide on whole transactions, too. */
  get choosesDomains(): boolean {
    return this.#doDomains.size > 0 || this.#ignoreDomains.size > 0;
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
    // Windows move on whether or not the domain is one that is printed.
    const isInWindow = this.#passesWindow(domainId, seqNo);
    if (this.#doDomains.size > 0 && !this.#doDomains.has(domainId)) return false;
    return isInWindow && !this.#ignoreDomains.has(domainId);
  }

  #passesWindow(domainId: number, seqNo: bigint): boolean {
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

  unreachedStops(): MariadbGtid[] {
    return [...this.#windows.values()].flatMap(({ stop, hasPassed }) =>
      stop === undefined || hasPassed ? [] : [stop],
    );
  }
}

export function gtidOf(body: GtidBody, serverId: number): MariadbGtid {
  return { domainId: body.domainId, serverId, seqNo: body.sequence };
}
