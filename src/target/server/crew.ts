import type { LogicalTime } from '../logical-clock.ts';
import {
  type Candidates,
  type CrewRules,
  chooseSession,
  isChained,
  type UnderWay,
  unknownBefore,
} from './choose-session.ts';
import type { ApplySession } from './session/apply-session.ts';
import { News } from './session/news.ts';
import { turnStatement } from './session/turn-statement.ts';
import { lateTurn } from './session/unsent-statements.ts';
import { StuckHead } from './stuck-head.ts';

export interface CrewSettings extends CrewRules {
  /** Makes one more session. */
  open(crew: Crew): Promise<ApplySession>;
}

/**
 * The sessions that apply side by side, and which transaction goes to which.
 *
 * By the source's logical clock: a transaction may begin when all that it must wait for are committed, or are under way in the one
 * session that it is given to, which commits them before. Where order is kept, a session that has done its rows waits with its COMMIT
 * until all transactions before are committed.
 *
 * Where the server can wait for GTIDs, small transactions need not be told of their turn: they go round, and each one's session waits
 * there, behind its rows, for the GTID before. What is done before a COMMIT is done while another one is on its way.
 */
export class Crew {
  readonly #settings: CrewSettings;
  readonly #sessions: ApplySession[] = [];
  /** In the order of the source. */
  readonly #underWay: UnderWay[] = [];
  /** Sessions whose COMMIT waits for its turn. */
  readonly #waiting = new Set<ApplySession>();
  /** The first in the order of the source that failed: whatever has its number or a higher one is not committed any more. */
  #failure: { readonly error: unknown; readonly number: number } | undefined;
  #isAbandoned = false;
  readonly #candidates: Candidates;
  readonly #news = new News();
  readonly #stuckHead = new StuckHead(this.#underWay, ({ session }) => void this.makeWay(session));

  constructor(settings: CrewSettings) {
    this.#settings = settings;
    this.#candidates = {
      rules: settings,
      sessions: this.#sessions,
      underWay: this.#underWay,
      waiting: this.#waiting,
    };
  }

  get sessions(): readonly ApplySession[] {
    return this.#sessions;
  }

  /** The session of everything that is not done side by side. */
  get first(): ApplySession {
    return this.#sessions[0]!;
  }

  add(session: ApplySession): void {
    this.#sessions.push(session);
  }

  /** Gives a session to a transaction, as soon as it may begin. @throws what made another transaction fail, once all before that one are done */
  async enlist(time: LogicalTime, gtid?: string): Promise<UnderWay> {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- until there is news
      await this.#stopped();
      const found = chooseSession(time, this.#candidates);
      if (found !== undefined) {
        const session = found === 'another' ? await this.#settings.open(this) : found;
        const after =
          this.#settings.waitsForGtids === true ? unknownBefore(time, session, this.#underWay) : undefined;
        const underWay = { session, number: time.number, gtid, after, isEnding: false };
        this.#underWay.push(underWay);
        if (session !== this.#underWay[0]!.session) this.#stuckHead.begin();
        return underWay;
      }
      // oxlint-disable-next-line no-await-in-loop -- until there is news
      await this.#news.come();
    }
  }

  /**
   * Ends a transaction, now or when its turn has come.
   *
   * @param end adds what ends it and sends it; calls `done` when it is committed
   */
  async finish(underWay: UnderWay, end: (done: () => void) => Promise<void>): Promise<void> {
    const { session } = underWay;
    const { stream } = session;
    const done = (): void => this.forget(underWay);
    const before = this.#underWay[this.#underWay.lastIndexOf(underWay) - 1];
    const isNext = !this.#settings.keepsOrder || before === undefined || before.session === session;
    if (isNext || (isChained(before, this.#settings) && stream.isSmall)) {
      if (!isNext) stream.unsent.add(turnStatement(before!.gtid!), { explain: lateTurn });
      underWay.isEnding = stream.isSmall;
      return end(done);
    }
    await stream.send(false, session.context);
    this.#waiting.add(session);
    void this.#finishLater(underWay, () => end(done));
  }

  /** It is committed, or was taken back. */
  forget(underWay: UnderWay): void {
    const at = this.#underWay.indexOf(underWay);
    if (at >= 0) this.#underWay.splice(at, 1);
    this.#news.tell();
    if (at === 0) this.#underWay[0]?.session.stream.look();
  }

  /** A transaction failed: it and all after it are not committed any more. Undefined: one that is given to nobody here. */
  fail(error: unknown, failed: UnderWay | undefined): void {
    const number = failed?.number ?? Number.POSITIVE_INFINITY;
    if (number < (this.#failure?.number ?? Number.POSITIVE_INFINITY) || this.#failure === undefined)
      this.#failure = { error, number };
    this.#news.tell();
    for (const { stream } of this.#sessions) stream.look();
  }

  /** A session failed in the first of its transactions. */
  failSession(error: unknown, session: ApplySession): void {
    // What fails after all were told to end says nothing.
    if (!this.#isAbandoned) session.progress.failed(error);
    this.fail(
      error,
      this.#underWay.find((one) => one.session === session),
    );
  }

  /**
   * Ends what is under way from a transaction on that failed.
   *
   * @param session whose error it is, unless one has failed by itself
   */
  async abandon(error: unknown, failed: UnderWay | undefined, session: ApplySession): Promise<void> {
    this.#isAbandoned = true;
    this.#stuckHead.end();
    if (!this.#sessions.some(({ progress }) => progress.hasFailed)) session.progress.failed(error);
    this.fail(error, failed);
    await this.settled();
    await Promise.all(this.#sessions.map((one) => one.abandon()));
  }

  /** Waits until nothing is under way, but for one transaction. @throws what made one fail, once all before that one are done */
  async drained(except?: UnderWay): Promise<void> {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- until there is news
      await this.#stopped();
      if (!this.#underWay.some((one) => one !== except)) return;
      for (const { stream } of this.#sessions) stream.push();
      // oxlint-disable-next-line no-await-in-loop -- until there is news
      await this.#news.come();
    }
  }

  /** Everything goes on its way. Gives the next news of what is under way; undefined: nothing is, or something has failed. */
  underWay(): Promise<void> | undefined {
    if (this.#failure !== undefined || this.#underWay.length === 0) return undefined;
    for (const { stream } of this.#sessions) stream.push();
    return this.#news.come();
  }

  /** Waits until all before the transaction that failed are done. */
  async settled(): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- until there is news
    while (this.#underWay.some(({ number }) => !this.#isStopped(number))) await this.#news.come();
  }

  /** Whether transactions of others come before those of a session, in an order that is kept, and will be committed. */
  isBehind(session: ApplySession): boolean {
    const first = this.#underWay[0];
    if (!this.#settings.keepsOrder || this.#failure !== undefined) return false;
    return first !== undefined && first.session !== session;
  }

  /** Transactions behind those of a session let go of their locks: it needs one that they hold until their turn comes. */
  async makeWay(session: ApplySession): Promise<void> {
    if (!this.#settings.keepsOrder) return;
    const at = this.#underWay.findIndex((one) => one.session === session);
    const behind = new Set(this.#underWay.slice(at + 1).map((one) => one.session));
    behind.delete(session);
    await Promise.allSettled([...behind].map((one) => one.stream.withdraw()));
  }

  async #finishLater(underWay: UnderWay, end: () => Promise<void>): Promise<void> {
    try {
      // oxlint-disable-next-line no-await-in-loop -- until there is news
      while (this.#underWay[0] !== underWay && !this.#isStopped(underWay.number)) await this.#news.come();
      if (!this.#isStopped(underWay.number)) {
        underWay.isEnding = underWay.session.stream.isSmall;
        await end();
      }
    } catch (error) {
      this.fail(error, underWay);
    } finally {
      this.#waiting.delete(underWay.session);
      this.#news.tell();
    }
  }

  /** Whether a transaction is not committed any more: it failed, or one before it did. */
  #isStopped(number: number): boolean {
    return this.#failure !== undefined && number >= this.#failure.number;
  }

  /** Where something has failed, waits until all before it are done. @throws what failed */
  async #stopped(): Promise<void> {
    if (this.#failure === undefined) return;
    await this.settled();
    // What was before it may have failed meanwhile.
    throw this.#failure.error;
  }
}
