import type { SourceClient, SourcePosition } from '../../replication/index.ts';
import type { Target } from '../target.ts';

/**
 * Notes in a target where its channel began, so that a restart goes on there, and not from whatever «now» is then: before the first
 * transaction at the latest. What it has executed by then is known once the head of a log has come; a target whose GTIDs say what was
 * applied is told no more than this until it is closed, and would go through the log from there.
 */
export class StartMark {
  readonly #target: Target;
  #isWritten: boolean;
  #hasGtids: boolean;

  /** @param stored what the target says already */
  constructor(target: Target, stored: SourcePosition | undefined) {
    this.#target = target;
    this.#isWritten = stored !== undefined;
    this.#hasGtids = stored?.gtids !== undefined;
  }

  /** A transaction is about to be applied. @returns what was noted */
  async before(client: SourceClient): Promise<SourcePosition | undefined> {
    return this.#isWritten ? undefined : this.#write(client.openingMark()?.());
  }

  /** An event between two transactions was read. @returns what was noted for the first time */
  async behind(client: SourceClient): Promise<SourcePosition | undefined> {
    const boundary = this.#hasGtids ? undefined : client.boundary;
    return boundary?.gtids === undefined ? undefined : this.#write(boundary);
  }

  /** Nothing more is there for the moment. @returns what was noted */
  async atEnd(client: SourceClient): Promise<SourcePosition | undefined> {
    return this.#isWritten ? undefined : this.#write(client.boundary);
  }

  async #write(position: SourcePosition | undefined): Promise<SourcePosition | undefined> {
    if (position === undefined) return undefined;
    await this.#target.mark(position);
    const isFirst = !this.#isWritten;
    this.#isWritten = true;
    this.#hasGtids = position.gtids !== undefined;
    return isFirst ? position : undefined;
  }
}
