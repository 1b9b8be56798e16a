import type { MariadbGtid as GtidBody } from '../../../binlog/index.ts';
import { type MariadbGtid, parseMariadbGtidList } from '../../../gtid/index.ts';
import type { PrintOptions } from '../../print-options.ts';

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

/** A start of sequence number 0 names nothing: it is as if the domain were not named. */
function startsOf(text: string | undefined): Map<number, MariadbGtid> {
  return new Map([...byDomain(text)].filter(([, { seqNo }]) => seqNo > 0n));
}

/**
 * `--start-position` and `--stop-position` as GTID lists, `--do-domain-ids`, `--ignore-domain-ids`: which transactions are printed.
 *
 * A start leaves the domains that it does not name alone; a stop shuts them out, those with nothing but a start too. Only sequence
 * numbers are compared, not the servers' ids.
 */
export class GtidWindows {
  readonly #windows = new Map<number, Window>();
  readonly #hasLists: boolean;
  readonly #hasStops: boolean;
  readonly #doDomains: ReadonlySet<number>;
  readonly #ignoreDomains: ReadonlySet<number>;

  constructor(options: PrintOptions) {
    const starts = startsOf(options.startGtids);
    const stops = byDomain(options.stopGtids);
    this.#hasLists = options.hasGtidPositions;
    this.#hasStops = stops.size > 0;
    for (const domainId of new Set([...starts.keys(), ...stops.keys()])) {
      const start = starts.get(domainId);
      const stop = stops.get(domainId);
      this.#windows.set(domainId, { start, stop, isOpen: false, hasPassed: false });
    }
    this.#doDomains = new Set(options.doDomainIds);
    this.#ignoreDomains = new Set(options.ignoreDomainIds);
  }

  /** Whether any of it is in use: whole transactions are then left out. */
  get isInUse(): boolean {
    return this.#hasLists || this.#doDomains.size > 0 || this.#ignoreDomains.size > 0;
  }

  /** Whether every stop has been reached: nothing more will be printed. */
  get isFinished(): boolean {
    return this.#hasStops && this.unreachedStops().length === 0;
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
    if (window.hasPassed || (this.#hasStops && stop === undefined)) return false;
    if (window.isOpen) {
      if (stop === undefined || seqNo < stop.seqNo) return true;
      window.isOpen = false;
      window.hasPassed = true;
      return seqNo === stop.seqNo;
    }
    // What lies beyond a window does not open it, and so does not close it either.
    if (stop !== undefined && seqNo > stop.seqNo) return false;
    if (start !== undefined && seqNo < start.seqNo) return false;
    window.isOpen = true;
    if (seqNo === stop?.seqNo) window.hasPassed = true;
    return seqNo !== start?.seqNo;
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
