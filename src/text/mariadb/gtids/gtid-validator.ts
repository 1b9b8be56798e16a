import type { GtidList } from '../../../binlog/index.ts';
import { formatMariadbGtid, type MariadbGtid } from '../../../gtid/index.ts';
import type { Diagnose } from '../../log-printer.ts';
import type { PrintOptions } from '../../print-options.ts';
import type { GtidWindows } from './gtid-window.ts';

/** What is known of one domain. */
interface Domain {
  /** Where it starts: as asked for, or as the first list says. */
  start: MariadbGtid;
  /** The last transaction that was printed, or that the first list names. */
  last: MariadbGtid;
  readonly outOfOrder: string[];
}

/** Levels of -v from which on what is only noted becomes a warning. */
const WARNING_LEVEL = 3;

const LOG_START = 4;

/**
 * Whether the logs can tell what was asked for, by the first GTID list; and `--gtid-strict-mode`: sequence numbers of what is
 * printed must rise in each domain, over all files. Without it `-vvv` warns of those that do not.
 */
export class GtidValidator {
  readonly #strict: boolean;
  readonly #warns: boolean;
  readonly #diagnose: Diagnose;
  readonly #windows: GtidWindows;
  readonly #domains = new Map<number, Domain>();
  /** The first list was seen; or none is looked at, because reading starts at a byte that was given. */
  #hasState: boolean;
  /** Nobody wants to know any more. */
  #isOff = false;

  constructor(options: PrintOptions, windows: GtidWindows, diagnose: Diagnose) {
    this.#strict = options.gtidStrictMode;
    this.#warns = options.verbose >= WARNING_LEVEL;
    this.#diagnose = diagnose;
    this.#windows = windows;
    this.#hasState = options.startPosition > LOG_START;
    this.#setStarts(windows.starts());
  }

  /** The state a file starts with; the first file's says what the logs can tell. False ends the run. */
  acceptList(list: GtidList): boolean {
    if (this.#isOff) return true;
    const gtids = list.gtids.map(({ domainId, serverId, sequence }) => ({
      domainId,
      serverId,
      seqNo: sequence,
    }));
    if (!this.#hasState && gtids.length > 0 && !this.#begin(gtids)) return false;
    this.#hasState = true;
    if (this.#warns) for (const gtid of gtids) this.#compare(gtid);
    return true;
  }

  #setStarts(gtids: readonly MariadbGtid[]): void {
    for (const gtid of gtids) {
      const known = this.#domains.get(gtid.domainId);
      if (known === undefined) {
        const none = { domainId: gtid.domainId, serverId: 0, seqNo: 0n };
        this.#domains.set(gtid.domainId, { start: gtid, last: none, outOfOrder: [] });
      } else if (gtid.seqNo > known.start.seqNo) {
        // A list has as many entries for a domain as servers have written to it.
        known.start = gtid;
      }
    }
  }

  #begin(gtids: readonly MariadbGtid[]): boolean {
    if (this.#domains.size === 0) this.#setStarts(gtids);
    const errors: string[] = [];
    for (const gtid of gtids) {
      const domain = this.#domains.get(gtid.domainId);
      if (domain === undefined) {
        errors.push(
          `Starting GTID position list does not specify an initial value for domain ${gtid.domainId}, whose events may be ` +
            `present in the requested binlog file(s). The last known position for this domain was ${formatMariadbGtid(gtid)}.`,
        );
      } else if (domain.start.seqNo < gtid.seqNo) {
        errors.push(
          `Binary logs are missing data for domain ${gtid.domainId}. Expected data to start from state ` +
            `${formatMariadbGtid(domain.start)}; however, the initial GTID state of the logs was ${formatMariadbGtid(gtid)}.`,
        );
      } else if (gtid.seqNo > domain.last.seqNo) {
        domain.last = gtid;
      }
    }
    if (errors.length === 0 && this.#windows.starts().length === 0) errors.push(...this.#stopError());
    for (const error of errors) this.#diagnose(`ERROR: ${error}`);
    return errors.length === 0;
  }

  /** Of the first stop that lies before the logs. */
  #stopError(): string[] {
    for (const stop of this.#windows.stops()) {
      const start = this.#domains.get(stop.domainId)?.start;
      if (start === undefined || start.seqNo < stop.seqNo) continue;
      return [
        `--stop-position GTID ${formatMariadbGtid(stop)} does not exist in the specified binlog files. The current GTID state ` +
          `of domain ${stop.domainId} in the specified binary logs is ${formatMariadbGtid(start)}`,
      ];
    }
    return [];
  }

  /** Whether a file goes on where the last one ended. */
  #compare(gtid: MariadbGtid): void {
    const last = this.#domains.get(gtid.domainId)?.last;
    if (last === undefined) {
      this.#diagnose(
        `WARNING: Binary logs are missing data for domain ${gtid.domainId}. The current binary log specified its current state ` +
          `for this domain as ${formatMariadbGtid(gtid)}, but neither the starting GTID position list nor any processed events ` +
          'have mentioned this domain.',
      );
    } else if (last.seqNo < gtid.seqNo) {
      this.#diagnose(
        `WARNING: Binary logs are missing data for domain ${gtid.domainId}. The current binary log state is ` +
          `${formatMariadbGtid(gtid)}, but the last seen event was ${formatMariadbGtid(last)}.`,
      );
    }
  }

  /** A transaction that is printed. False ends the run. */
  acceptGtid(gtid: MariadbGtid): boolean {
    if (!this.#strict && !this.#warns) this.#isOff = true;
    if (this.#isOff) return true;
    const { domainId, seqNo } = gtid;
    const domain = this.#domains.get(domainId);
    if (domain === undefined) {
      const start = { domainId, serverId: 0, seqNo: 0n };
      this.#domains.set(domainId, { start, last: gtid, outOfOrder: [] });
      return true;
    }
    // What lies before the start of the logs is of another history: it starts anew.
    if (seqNo > domain.last.seqNo || seqNo < domain.start.seqNo) {
      domain.last = gtid;
      return true;
    }
    domain.outOfOrder.push(
      `Found out of order GTID. Got ${formatMariadbGtid(gtid)} after ${formatMariadbGtid(domain.last)}`,
    );
    if (this.#strict) this.#report();
    return !this.#strict;
  }

  /** The whole input has been read. False where a start was never reached. */
  finish(): boolean {
    return this.#isOff || !this.#report() || !this.#strict;
  }

  /** Whether there was anything to report. */
  #report(): boolean {
    const found = [...this.#domains.values()].flatMap(({ start, last, outOfOrder }) =>
      last.seqNo < start.seqNo
        ? [`Binary logs never reached expected GTID state of ${formatMariadbGtid(start)}`, ...outOfOrder]
        : outOfOrder,
    );
    for (const problem of found) this.#diagnose(`${this.#strict ? 'ERROR' : 'WARNING'}: ${problem}`);
    return found.length > 0;
  }
}
