import type { LogicalTime } from '../logical-clock.ts';
import type { ApplySession } from './session/apply-session.ts';
import { turnStatement } from './session/turn-statement.ts';
import { lateTurn } from './session/unsent-statements.ts';

/** How far the youngest transaction under way may be ahead of the oldest (MySQL's `replica_checkpoint_group`). */
const MOST_AHEAD = 512;
/**
 * A transaction of fewer bytes of log than this is taken to be done before another session has heard that its turn to commit has come:
 * an estimate, to be moved by measuring.
 */
const SMALL_BYTES = 16 * 1024;

/** A transaction that has been given to a session and is not committed yet. */
export interface UnderWay {
  readonly session: ApplySession;
  readonly number: number;
  /** Undefined: it has none that the server could be asked for. */
  readonly gtid: string | undefined;
  /** What must be committed before it begins, and may not be yet; undefined: nothing that its session does not know. */
  readonly after: string | undefined;
  /** Its COMMIT has been sent. */
  isEnded: boolean;
}

export interface CrewSettings {
  /** How many sessions there may be. */
  readonly workers: number;
  /** Whether transactions are committed in the order of the source. */
  readonly keepsOrder: boolean;
  /** The server itself lets a session wait until a GTID is committed. */
  readonly waitsForGtids?: boolean;
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
  #listeners: (() => void)[] = [];

  constructor(settings: CrewSettings) {
    this.#settings = settings;
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
      const found = this.#find(time);
      if (found !== undefined) {
        const session = found === 'another' ? await this.#settings.open(this) : found;
        const after = this.#settings.waitsForGtids === true ? this.#unknown(time, session) : undefined;
        const underWay = { session, number: time.number, gtid, after, isEnded: false };
        this.#underWay.push(underWay);
        return underWay;
      }
      // oxlint-disable-next-line no-await-in-loop -- until there is news
      await this.#news();
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
    if (isNext || (this.#isChained(before) && stream.isSmall)) {
      if (!isNext) stream.unsent.add(turnStatement(before!.gtid!), lateTurn);
      underWay.isEnded = true;
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
    this.#tell();
  }

  /** A transaction failed: it and all after it are not committed any more. Undefined: one that is given to nobody here. */
  fail(error: unknown, failed: UnderWay | undefined): void {
    const number = failed?.number ?? Number.POSITIVE_INFINITY;
    if (number < (this.#failure?.number ?? Number.POSITIVE_INFINITY) || this.#failure === undefined)
      this.#failure = { error, number };
    this.#tell();
  }

  /** A session failed in the first of its transactions. */
  failSession(error: unknown, session: ApplySession): void {
    this.fail(
      error,
      this.#underWay.find((one) => one.session === session),
    );
  }

  /** Waits until nothing is under way, but for one transaction. @throws what made one fail, once all before that one are done */
  async drained(except?: UnderWay): Promise<void> {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- until there is news
      await this.#stopped();
      if (!this.#underWay.some((one) => one !== except)) return;
      for (const { stream } of this.#sessions) stream.push();
      // oxlint-disable-next-line no-await-in-loop -- until there is news
      await this.#news();
    }
  }

  /** Everything goes on its way. Gives the next news of what is under way; undefined: nothing is, or something has failed. */
  underWay(): Promise<void> | undefined {
    if (this.#failure !== undefined || this.#underWay.length === 0) return undefined;
    for (const { stream } of this.#sessions) stream.push();
    return this.#news();
  }

  /** Waits until all before the transaction that failed are done. */
  async settled(): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- until there is news
    while (this.#underWay.some(({ number }) => !this.#isStopped(number))) await this.#news();
  }

  /** Transactions behind those of a session let go of their locks: it needs one that they hold until their turn comes. */
  async makeWay(session: ApplySession): Promise<void> {
    if (!this.#settings.keepsOrder) return;
    const at = this.#underWay.findIndex((one) => one.session === session);
    const behind = new Set(this.#underWay.slice(at + 1).map((one) => one.session));
    behind.delete(session);
    await Promise.allSettled([...behind].map((one) => one.stream.withdraw()));
  }

  #find(time: LogicalTime): ApplySession | 'another' | undefined {
    const { workers, keepsOrder } = this.#settings;
    const underWay = this.#underWay;
    if (underWay.length > 0 && time.number - underWay[0]!.number > MOST_AHEAD) return undefined;
    const isSmall = time.length !== undefined && time.length < SMALL_BYTES;
    const latest = underWay.at(-1);
    if (isSmall && latest !== undefined && this.#isChained(latest)) return this.#round(latest, time);
    const needed = new Set<ApplySession>();
    for (const { number, session } of underWay) {
      if (number > time.after) break;
      needed.add(session);
    }
    if (needed.size > 1) return undefined;
    for (const session of needed) return this.#waiting.has(session) ? undefined : session;
    const last = latest?.session ?? this.first;
    if (keepsOrder && isSmall) return this.#waiting.has(last) ? undefined : last;
    return this.#idle(workers) ?? (keepsOrder ? undefined : this.#leastBusy());
  }

  /** Whether the server itself lets others wait until it is committed. */
  #isChained({ isEnded, gtid }: UnderWay): boolean {
    const { keepsOrder, waitsForGtids } = this.#settings;
    return keepsOrder && waitsForGtids === true && isEnded && gtid !== undefined;
  }

  /** The session after the one that had the last transaction, or that one where it must be waited for anyhow. */
  #round({ session, number }: UnderWay, time: LogicalTime): ApplySession | 'another' {
    if (time.after >= number) return session;
    if (this.#sessions.length < this.#settings.workers) return 'another';
    return this.#sessions[(this.#sessions.indexOf(session) + 1) % this.#sessions.length]!;
  }

  /** The GTID that must be committed before a transaction begins, unless what its session had before was committed behind it. */
  #unknown({ after }: LogicalTime, session: ApplySession): string | undefined {
    const holder = this.#underWay.findLast(({ number }) => number <= after);
    if (holder === undefined) return undefined;
    const had = this.#underWay.findLast((one) => one.session === session);
    return had !== undefined && had.number >= holder.number ? undefined : holder.gtid;
  }

  #idle(workers: number): ApplySession | 'another' | undefined {
    const busy = new Set(this.#underWay.map(({ session }) => session));
    const idle = this.#sessions.find((session) => !busy.has(session));
    return idle ?? (this.#sessions.length < workers ? 'another' : undefined);
  }

  #leastBusy(): ApplySession {
    const counts = new Map(this.#sessions.map((session) => [session, 0]));
    for (const { session } of this.#underWay) counts.set(session, counts.get(session)! + 1);
    return [...counts].reduce((least, one) => (one[1] < least[1] ? one : least))[0];
  }

  async #finishLater(underWay: UnderWay, end: () => Promise<void>): Promise<void> {
    try {
      // oxlint-disable-next-line no-await-in-loop -- until there is news
      while (this.#underWay[0] !== underWay && !this.#isStopped(underWay.number)) await this.#news();
      if (!this.#isStopped(underWay.number)) {
        underWay.isEnded = true;
        await end();
      }
    } catch (error) {
      this.fail(error, underWay);
    } finally {
      this.#waiting.delete(underWay.session);
      this.#tell();
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

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#listeners.push(resolve);
    });
  }

  #tell(): void {
    for (const tell of this.#listeners.splice(0)) tell();
  }
}
