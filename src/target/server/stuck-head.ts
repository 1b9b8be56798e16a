import type { UnderWay } from './choose-session.ts';

/** How often it is looked at. */
const LOOK_MS = 1000;
/** So many looks without an answer, and it is taken to be stuck: a large statement takes less on a slow disk. */
const STUCK_LOOKS = 3;

/**
 * Notices that the first transaction under way does not come further. It may need a lock that one behind it holds, which waits for its turn to
 * commit: the server sees no deadlock in that, and a large transaction waits for locks as long as anybody.
 */
export class StuckHead {
  readonly #underWay: readonly UnderWay[];
  readonly #isStuck: (head: UnderWay) => void;
  #timer: NodeJS.Timeout | undefined;
  #head: UnderWay | undefined;
  #done = 0;
  #looks = 0;

  /** @param isStuck told again each second, until it goes on */
  constructor(underWay: readonly UnderWay[], isStuck: (head: UnderWay) => void) {
    this.#underWay = underWay;
    this.#isStuck = isStuck;
  }

  /** Looks on until nothing is under way any more, or {@link end}. */
  begin(): void {
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const head = this.#underWay[0];
    if (head === undefined) return this.end();
    const { stream } = head.session;
    if (head !== this.#head || stream.done !== this.#done || !stream.isBusy) this.#looks = 0;
    else this.#looks += 1;
    this.#head = head;
    this.#done = stream.done;
    if (this.#looks >= STUCK_LOOKS) this.#isStuck(head);
  }
}
