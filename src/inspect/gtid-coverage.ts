import { formatUuid, MysqlGtidSet } from '../gtid/index.ts';
import type { GtidInspection } from './inspection.ts';

interface DomainRange {
  readonly domainId: number;
  first: bigint;
  last: bigint;
  count: number;
  readonly gaps: string[];
}

const SHOWN_GAPS = 20;

/** Which GTIDs the logs hold, and which are missing between them. */
export class GtidCoverage {
  #before: MysqlGtidSet | undefined;
  readonly #seen: MysqlGtidSet = MysqlGtidSet.empty();
  readonly #domains = new Map<number, DomainRange>();
  #anonymous = 0;

  /** The PREVIOUS_GTIDS of a log; only the first one counts. */
  addPrevious(set: Uint8Array): void {
    this.#before ??= MysqlGtidSet.fromBytes(set);
  }

  addMysql(uuid: Buffer, tag: string, gno: bigint): string {
    this.#seen.addBytes(uuid, tag, gno);
    return `${formatUuid(uuid)}${tag === '' ? '' : `:${tag}`}:${gno}`;
  }

  addAnonymous(): void {
    this.#anonymous += 1;
  }

  /** MariaDB numbers grow within a domain; a jump is a gap. */
  addMariadb(domainId: number, serverId: number, sequence: bigint): string {
    const range = this.#domains.get(domainId);
    if (range === undefined) {
      this.#domains.set(domainId, { domainId, first: sequence, last: sequence, count: 1, gaps: [] });
    } else {
      if (sequence > range.last + 1n && range.gaps.length < SHOWN_GAPS) {
        range.gaps.push(`${domainId}: ${range.last + 1n}-${sequence - 1n}`);
      }
      if (sequence > range.last) range.last = sequence;
      range.count += 1;
    }
    return `${domainId}-${serverId}-${sequence}`;
  }

  summary(): GtidInspection {
    const domains = [...this.#domains.values()].sort((a, b) => a.domainId - b.domainId);
    if (domains.length > 0) {
      const gaps = domains.flatMap((range) => range.gaps);
      return {
        before: undefined,
        seen: domains.map(({ domainId, first, last }) => `${domainId}: ${first}-${last}`).join(', '),
        gaps: gaps.length === 0 ? undefined : gaps.join(', '),
        anonymous: this.#anonymous,
      };
    }
    const text = (set: MysqlGtidSet | undefined): string | undefined =>
      set === undefined || set.isEmpty ? undefined : set.format(',');
    return {
      before: text(this.#before),
      seen: text(this.#seen),
      gaps: text(this.#missing()),
      anonymous: this.#anonymous,
    };
  }

  /** Everything from 1 to the highest number seen, of each source and tag seen, that is in no log and not before them. */
  #missing(): MysqlGtidSet {
    const whole = MysqlGtidSet.empty();
    for (const { uuid, tag, last } of this.#seen.intervals()) whole.addRange(uuid, tag, 1n, last);
    const known = this.#before === undefined ? this.#seen : this.#seen.union(this.#before);
    return whole.subtract(known);
  }
}
