import { UsageError } from '../errors/index.ts';
import {
  findRepeatedDomain,
  formatMariadbGtid,
  formatMariadbGtidList,
  type MariadbGtid,
  parseMariadbGtidList,
} from './mariadb-gtid.ts';

const byDomain = (a: { domainId: number }, b: { domainId: number }): number => a.domainId - b.domainId;

/**
 * How far a replica has come (`gtid_slave_pos`, `@slave_connect_state`): the last transaction of each domain.
 */
export class MariadbReplicaState {
  readonly #last = new Map<number, MariadbGtid>();

  constructor(gtids: Iterable<MariadbGtid> = []) {
    const list = [...gtids];
    const repeated = findRepeatedDomain(list);
    if (repeated !== undefined) {
      const { found, previous } = repeated;
      throw new UsageError(
        `GTID ${formatMariadbGtid(found)} and ${formatMariadbGtid(previous)} conflict ` +
          `(duplicate domain id ${found.domainId})`,
      );
    }
    for (const gtid of list) this.update(gtid);
  }

  /** Throws {@link UsageError} with the texts of the server's errors 1941 and 1943. */
  static parse(text: string): MariadbReplicaState {
    return new MariadbReplicaState(parseMariadbGtidList(text));
  }

  /** Makes `gtid` the last of its domain. */
  update(gtid: MariadbGtid): void {
    this.#last.set(gtid.domainId, gtid);
  }

  /** The last transaction of a domain. */
  last(domainId: number): MariadbGtid | undefined {
    return this.#last.get(domainId);
  }

  /** Whether a transaction lies at or before this state; only its domain and sequence count. */
  covers(domainId: number, seqNo: bigint): boolean {
    const last = this.#last.get(domainId);
    return last !== undefined && seqNo <= last.seqNo;
  }

  get isEmpty(): boolean {
    return this.#last.size === 0;
  }

  /** One GTID a domain, by ascending domain. */
  gtids(): MariadbGtid[] {
    return [...this.#last.values()].sort(byDomain);
  }

  format(): string {
    return formatMariadbGtidList(this.gtids());
  }
}

/**
 * What a log holds (`gtid_binlog_state`, GTID_LIST events): the last transaction of each server in each domain. The last
 * GTID of a domain is that domain's most recent.
 */
export class MariadbBinlogState {
  /** domain → server → GTID; a server's entry moves to the end whenever it logs. */
  readonly #domains = new Map<number, Map<number, MariadbGtid>>();

  constructor(gtids: Iterable<MariadbGtid> = []) {
    for (const gtid of gtids) this.update(gtid);
  }

  /** Throws {@link UsageError} with the text of the server's error 1941. */
  static parse(text: string): MariadbBinlogState {
    return new MariadbBinlogState(parseMariadbGtidList(text));
  }

  /** Makes `gtid` the most recent one of its domain. */
  update(gtid: MariadbGtid): void {
    let servers = this.#domains.get(gtid.domainId);
    if (servers === undefined) this.#domains.set(gtid.domainId, (servers = new Map()));
    servers.delete(gtid.serverId);
    servers.set(gtid.serverId, gtid);
  }

  /** The last transaction of one server in one domain. */
  last(domainId: number, serverId: number): MariadbGtid | undefined {
    return this.#domains.get(domainId)?.get(serverId);
  }

  /** The most recent transaction of a domain. */
  mostRecent(domainId: number): MariadbGtid | undefined {
    const servers = this.#domains.get(domainId);
    return servers === undefined ? undefined : [...servers.values()].at(-1);
  }

  /** By ascending domain; within a domain the most recent comes last. */
  gtids(): MariadbGtid[] {
    return [...this.#domains].sort(([a], [b]) => a - b).flatMap(([, servers]) => [...servers.values()]);
  }

  /** The most recent of each domain (`gtid_binlog_pos`). */
  positions(): MariadbGtid[] {
    return [...this.#domains.keys()].sort((a, b) => a - b).map((domainId) => this.mostRecent(domainId)!);
  }

  format(): string {
    return formatMariadbGtidList(this.gtids());
  }
}
