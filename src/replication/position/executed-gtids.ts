import type { Flavor } from '../../binlog/index.ts';
import {
  type MariadbGtid,
  MariadbReplicaState,
  MysqlGtidSet,
  parseMariadbGtidList,
} from '../../gtid/index.ts';
import type { TransactionGtid } from './transaction-gtid.ts';

/** What has been executed at one moment. Cheap to take and to keep; the text is made when somebody asks. */
export type GtidMark = () => string;

/** A mark applies at most so many transactions to a copied set when its text is asked for. */
const MARKS_PER_BASE = 1024;

/**
 * Everything a reader has seen whole: a GTID set of MySQL, or the last transaction of each domain of MariaDB.
 *
 * A position goes with every transaction, but hardly any is ever written down. So a mark copies no set: it remembers a set that was
 * copied a while ago and how many transactions came since.
 */
export class ExecutedGtids {
  readonly flavor: Flavor;
  #all: MysqlGtidSet | MariadbReplicaState;
  #base: MysqlGtidSet | MariadbReplicaState;
  #since: TransactionGtid[] = [];

  /** @throws UsageError where the text is no set of this family */
  constructor(flavor: Flavor, text: string) {
    this.flavor = flavor;
    this.#all = flavor === 'mysql' ? MysqlGtidSet.parse(text) : MariadbReplicaState.parse(text);
    this.#base = copy(this.#all);
  }

  /** Whether a transaction of MySQL was seen before. MariaDB's numbers may repeat in an older order: never for them. */
  has(gtid: TransactionGtid): boolean {
    if (gtid.flavor !== 'mysql' || !(this.#all instanceof MysqlGtidSet)) return false;
    return gtid.key === undefined ? this.#all.has(gtid) : this.#all.hasKey(gtid.key, gtid.tag, gtid.gno);
  }

  add(gtid: TransactionGtid): void {
    addTo(this.#all, gtid);
    if (this.#since.length === MARKS_PER_BASE) {
      this.#since = [];
      this.#base = copy(this.#all);
    } else {
      this.#since.push(gtid);
    }
  }

  mark(): GtidMark {
    const base = this.#base;
    const since = this.#since;
    const count = since.length;
    return () => {
      const set = copy(base);
      for (let index = 0; index < count; index += 1) addTo(set, since[index]!);
      return textOf(set);
    };
  }

  /** As servers write it, in one line. */
  text(): string {
    return textOf(this.#all);
  }

  /** The set in binary form; for MySQL. */
  bytes(): Buffer {
    return this.#all instanceof MysqlGtidSet ? this.#all.toBytes() : Buffer.alloc(0);
  }
}

/** The state of a replica at the head of a MariaDB log: the last GTID listed of each domain is its most recent. */
export function stateOfGtidList(gtids: readonly MariadbGtid[]): string {
  const state = new MariadbReplicaState();
  for (const gtid of gtids) state.update(gtid);
  return state.format();
}

/** Which family a text is of; undefined for the empty one, which is of both. */
export function familyOf(text: string): Flavor | undefined {
  if (text.trim() === '') return undefined;
  try {
    parseMariadbGtidList(text);
    return 'mariadb';
  } catch {
    return 'mysql';
  }
}

function copy(set: MysqlGtidSet | MariadbReplicaState): MysqlGtidSet | MariadbReplicaState {
  return set instanceof MysqlGtidSet ? set.clone() : new MariadbReplicaState(set.gtids());
}

function addTo(set: MysqlGtidSet | MariadbReplicaState, gtid: TransactionGtid): void {
  if (gtid.flavor === 'mysql') {
    if (!(set instanceof MysqlGtidSet)) return;
    if (gtid.key === undefined) set.add(gtid);
    else set.addKey(gtid.key, gtid.tag, gtid.gno);
  } else if (set instanceof MariadbReplicaState) {
    set.update(gtid);
  }
}

function textOf(set: MysqlGtidSet | MariadbReplicaState): string {
  return set instanceof MysqlGtidSet ? set.format(',') : set.format();
}
