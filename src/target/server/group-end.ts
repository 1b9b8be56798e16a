import type { Abilities } from './abilities.ts';
import type { UnderWay } from './choose-session.ts';
import type { Crew } from './crew.ts';
import type { ApplySession } from './session/apply-session.ts';
import type { ChannelRecord } from './state/channel-record.ts';
import { endingStatements } from './state/ending-statements.ts';
import type { Journal } from './state/state-tables.ts';

/** How one transaction of the target is to end. */
export interface Closing {
  readonly session: ApplySession;
  /** Its place among those side by side; undefined: it has none. */
  readonly underWay: UnderWay | undefined;
  /** What of a source transaction was done, where it is cut by what commits by itself. */
  readonly journal: Journal | undefined;
  /** The source's transaction goes on behind it. */
  readonly isPart: boolean;
  /** The server's own GTIDs say what was applied. */
  readonly isInGtids: boolean;
  /** Whether a place that is kept by itself stays out of the target's log. */
  readonly isHidden: boolean;
}

/** Ends transactions of the target, with the place where the channel stands. */
export class GroupEnd {
  readonly #crew: Crew;
  readonly #record: ChannelRecord;
  readonly #abilities: Abilities;

  constructor(crew: Crew, record: ChannelRecord, abilities: Abilities) {
    this.#crew = crew;
    this.#record = record;
    this.#abilities = abilities;
  }

  async close({ session, underWay, journal, isPart, isInGtids, isHidden }: Closing): Promise<void> {
    const ends = endingStatements({
      isOpen: session.isIn,
      save: journal === undefined && isInGtids ? undefined : this.#record.save(journal),
      isHidden,
      flavor: this.#abilities.flavor,
    });
    const given = session.progress.given - (isPart ? 1 : 0);
    const end = async (done?: () => void): Promise<void> => {
      for (const statement of ends) session.stream.unsent.add(statement);
      await session.end(() => {
        session.progress.committed(given);
        done?.();
      });
    };
    if (underWay === undefined || isPart) await end();
    else await this.#crew.finish(underWay, end);
    if (journal !== undefined) await session.stream.settled();
  }
}
