import { MysqlGtidSet } from '../../../gtid/index.ts';
import type { SourcePosition } from '../../../replication/index.ts';
import type { PositionMark } from '../../target.ts';
import { type Journal, saveState } from './state-tables.ts';

/** Where a channel stands, as its target keeps it. */
export class ChannelRecord {
  readonly channel: string;
  /** Something was committed that the target's table does not tell yet. */
  isDirty = false;
  #position: SourcePosition | undefined;
  #after: PositionMark | undefined;

  constructor(channel: string, position: SourcePosition | undefined) {
    this.channel = channel;
    this.#position = position;
  }

  get position(): SourcePosition | undefined {
    return this.#position;
  }

  /** Is worked out only when it is kept. */
  moveTo(after: PositionMark | undefined): void {
    this.#after = after ?? this.#after;
    this.isDirty = true;
  }

  /** The statement that keeps it. */
  save(journal: Journal | undefined): string {
    this.#position = this.#after?.() ?? this.#position;
    this.#after = undefined;
    this.isDirty = false;
    return saveState(this.channel, { position: this.#position, journal });
  }
}

/** A position that was kept, with what a server of MySQL has executed since. */
export function withExecuted(
  position: SourcePosition | undefined,
  executed: MysqlGtidSet,
): SourcePosition | undefined {
  // Only sources of MySQL have a UUID.
  if (executed.isEmpty || position?.gtids === undefined || position.serverUuid === undefined) return position;
  const gtids = MysqlGtidSet.parse(position.gtids).union(executed);
  const { file: _file, position: _at, ...rest } = position;
  return { ...rest, gtids: gtids.format(',') };
}
