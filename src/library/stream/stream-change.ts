import type { RowOperation } from '../../binlog/index.ts';
import type { PositionMark } from '../../replication/index.ts';
import type { Row, RowChange } from '../rows/row-change.ts';
import type { StreamPosition } from './stream-options.ts';

/** What the changes of one rows event share. */
export interface ChangeOrigin extends Omit<RowChange, 'before' | 'after'> {
  /** The server's file. */
  readonly file: string;
  /** Where the transaction begins. */
  readonly opening: PositionMark | undefined;
}

/** One changed row of a stream: a {@link RowChange} that knows where the stream goes on behind it. */
export class StreamChange implements RowChange {
  declare readonly schema: string;
  declare readonly table: string;
  declare readonly operation: RowOperation;
  declare readonly before: Row | undefined;
  declare readonly after: Row | undefined;
  /** The server's file. */
  declare readonly file: string;
  declare readonly position: number;
  declare readonly gtid: string | undefined;
  declare readonly timestamp: number;
  declare readonly serverId: number;
  readonly #opening: PositionMark | undefined;
  readonly #changes: number;

  /** `changes`: which one of its transaction it is, from 1. */
  constructor(origin: ChangeOrigin, before: Row | undefined, after: Row | undefined, changes: number) {
    this.schema = origin.schema;
    this.table = origin.table;
    this.operation = origin.operation;
    this.before = before;
    this.after = after;
    this.file = origin.file;
    this.position = origin.position;
    this.gtid = origin.gtid;
    this.timestamp = origin.timestamp;
    this.serverId = origin.serverId;
    this.#opening = origin.opening;
    this.#changes = changes;
  }

  /** Store it, give it back as `start`, and the stream goes on behind this change: in the middle of its transaction, if need be. */
  get resumeAt(): StreamPosition {
    return { ...this.#opening?.(), changes: this.#changes };
  }
}
