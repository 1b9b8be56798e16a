import { Cursor, Writer } from '../bytes/index.ts';
import { FormatError } from '../errors/index.ts';
import {
  addInterval,
  countIntervals,
  type Intervals,
  intersectIntervals,
  intervalsContain,
  isIntervalsSubset,
  subtractIntervals,
  uniteIntervals,
} from './intervals.ts';
import type { MysqlGtid } from './mysql-gtid.ts';
import { decodeGtidEntries, encodeGtidEntries } from './mysql-gtid-set-binary.ts';
import { formatGtidEntries, type GtidEntries, parseGtidEntries } from './mysql-gtid-set-text.ts';
import { formatUuidKey, parseUuidKey, UUID_BYTES, type UuidKey, uuidKey } from './uuid.ts';

/** One run of transactions of a set: `first` to `last`, both included. */
export interface MysqlGtidInterval {
  readonly uuid: string;
  readonly tag: string;
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * A set of MySQL transactions.
 *
 * {@link add} and {@link addRange} change the set, which is how an executed set grows; the algebra makes new sets and
 * leaves its operands alone.
 */
export class MysqlGtidSet {
  readonly #entries: GtidEntries;
  /** Whether the set came in the tagged binary format: it then leaves in that format too, tags or not. */
  readonly #cameTagged: boolean;

  private constructor(entries: GtidEntries, cameTagged = false) {
    this.#entries = entries;
    this.#cameTagged = cameTagged;
  }

  static empty(): MysqlGtidSet {
    return new MysqlGtidSet(new Map());
  }

  /**
   * Reads `uuid:1-5:8:tag:1-3,…`; the empty string is the empty set. Throws {@link UsageError} with the sentence that
   * MySQL 9.7 prints.
   */
  static parse(text: string): MysqlGtidSet {
    return new MysqlGtidSet(parseGtidEntries(text));
  }

  /** Reads one set from a cursor and leaves the cursor behind it. Throws {@link FormatError}. */
  static decode(cursor: Cursor): MysqlGtidSet {
    const { entries, tagged } = decodeGtidEntries(cursor);
    return new MysqlGtidSet(entries, tagged);
  }

  /** Reads bytes that are one set and nothing else. Throws {@link FormatError}. */
  static fromBytes(bytes: Uint8Array): MysqlGtidSet {
    const cursor = new Cursor(bytes);
    const set = MysqlGtidSet.decode(cursor);
    if (cursor.remaining > 0) throw new FormatError(`GTID set is followed by ${cursor.remaining} bytes`);
    return set;
  }

  static of(...gtids: readonly MysqlGtid[]): MysqlGtidSet {
    const set = MysqlGtidSet.empty();
    for (const gtid of gtids) set.add(gtid);
    return set;
  }

  /** Adds one transaction. */
  add(gtid: MysqlGtid): void {
    this.addRange(gtid.uuid, gtid.tag, gtid.gno, gtid.gno);
  }

  /** Adds the transactions `first` to `last`, both included. */
  addRange(uuid: string, tag: string, first: bigint, last: bigint): void {
    this.#add(parseUuidKey(uuid) + tag, first, last);
  }

  /** As {@link add}, straight from the fields of an event: `uuid` holds the 16 bytes at `offset`. */
  addBytes(uuid: Uint8Array, tag: string, gno: bigint, offset = 0): void {
    this.#add(uuidKey(uuid, offset) + tag, gno, gno);
  }

  /** As {@link add}, with the key of the UUID, see {@link uuidKey}. For readers of many transactions: no parsing. */
  addKey(key: UuidKey, tag: string, gno: bigint): void {
    this.#add(key + tag, gno, gno);
  }

  /** As {@link has}, with the key of the UUID. */
  hasKey(key: UuidKey, tag: string, gno: bigint): boolean {
    const intervals = this.#entries.get(key + tag);
    return intervals !== undefined && intervalsContain(intervals, gno);
  }

  #add(key: string, first: bigint, last: bigint): void {
    if (last < first) return;
    let intervals = this.#entries.get(key);
    if (intervals === undefined) this.#entries.set(key, (intervals = []));
    addInterval(intervals, first, last + 1n);
  }

  /** Whether one transaction is in the set; `uuid` holds the 16 bytes at `offset`. For filters: no parsing. */
  contains(uuid: Uint8Array, tag: string, gno: bigint, offset = 0): boolean {
    const intervals = this.#entries.get(uuidKey(uuid, offset) + tag);
    return intervals !== undefined && intervalsContain(intervals, gno);
  }

  has(gtid: MysqlGtid): boolean {
    const intervals = this.#entries.get(parseUuidKey(gtid.uuid) + gtid.tag);
    return intervals !== undefined && intervalsContain(intervals, gtid.gno);
  }

  union(other: MysqlGtidSet): MysqlGtidSet {
    const entries = this.#copyEntries();
    for (const [key, intervals] of other.#entries) {
      const mine = entries.get(key);
      entries.set(key, mine === undefined ? intervals.slice() : uniteIntervals(mine, intervals));
    }
    return new MysqlGtidSet(entries);
  }

  /** What is in this set and not in `other`. */
  subtract(other: MysqlGtidSet): MysqlGtidSet {
    const entries: GtidEntries = new Map();
    for (const [key, intervals] of this.#entries) {
      const theirs = other.#entries.get(key);
      const rest = theirs === undefined ? intervals.slice() : subtractIntervals(intervals, theirs);
      if (rest.length > 0) entries.set(key, rest);
    }
    return new MysqlGtidSet(entries);
  }

  intersect(other: MysqlGtidSet): MysqlGtidSet {
    const entries: GtidEntries = new Map();
    for (const [key, intervals] of this.#entries) {
      const theirs = other.#entries.get(key);
      const shared = theirs === undefined ? [] : intersectIntervals(intervals, theirs);
      if (shared.length > 0) entries.set(key, shared);
    }
    return new MysqlGtidSet(entries);
  }

  isSubsetOf(other: MysqlGtidSet): boolean {
    for (const [key, intervals] of this.#entries) {
      const theirs = other.#entries.get(key);
      if (theirs === undefined || !isIntervalsSubset(intervals, theirs)) return false;
    }
    return true;
  }

  equals(other: MysqlGtidSet): boolean {
    return this.#entries.size === other.#entries.size && this.isSubsetOf(other) && other.isSubsetOf(this);
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** How many transactions the set holds. */
  count(): bigint {
    let count = 0n;
    for (const intervals of this.#entries.values()) count += countIntervals(intervals);
    return count;
  }

  /** Whether some transaction of the set has a tag: servers before 8.3 cannot read such a set. */
  get isTagged(): boolean {
    for (const key of this.#entries.keys()) if (key.length > UUID_BYTES) return true;
    return false;
  }

  clone(): MysqlGtidSet {
    return new MysqlGtidSet(this.#copyEntries(), this.#cameTagged);
  }

  /** The runs of the set in canonical order. */
  *intervals(): IterableIterator<MysqlGtidInterval> {
    for (const [key, intervals] of this.#sorted()) {
      const uuid = formatUuidKey(key.slice(0, UUID_BYTES));
      const tag = key.slice(UUID_BYTES);
      for (let i = 0; i < intervals.length; i += 2) {
        yield { uuid, tag, first: intervals[i]!, last: intervals[i + 1]! - 1n };
      }
    }
  }

  /** The canonical text. Servers join items by `,` and a newline, and by `,` alone where one line is wanted. */
  format(separator: ',\n' | ',' = ',\n'): string {
    return formatGtidEntries(this.#sorted(), separator);
  }

  toString(): string {
    return this.format(',');
  }

  /**
   * Appends the set in the untagged format, or in the tagged one (MySQL 8.3+) if some entry has a tag or the set was
   * decoded from it: what was decoded encodes to the same bytes.
   */
  encode(writer: Writer): void {
    encodeGtidEntries(this.#sorted(), this.#cameTagged || this.isTagged, writer);
  }

  toBytes(): Buffer {
    const writer = new Writer();
    this.encode(writer);
    return writer.take();
  }

  #sorted(): [string, Intervals][] {
    return [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #copyEntries(): GtidEntries {
    const entries: GtidEntries = new Map();
    for (const [key, intervals] of this.#entries) entries.set(key, intervals.slice());
    return entries;
  }
}
