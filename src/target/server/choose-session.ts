import type { LogicalTime } from '../logical-clock.ts';
import type { ApplySession } from './session/apply-session.ts';

/** How far the youngest transaction under way may be ahead of the oldest (MySQL's `replica_checkpoint_group`). */
const MOST_AHEAD = 512;
/**
 * A transaction of fewer bytes of log than this is taken to be done before another session has heard that its turn to commit has come:
 * an estimate, to be moved by measuring.
 */
const QUICK_BYTES = 16 * 1024;

/** A transaction that has been given to a session and is not committed yet. */
export interface UnderWay {
  readonly session: ApplySession;
  readonly number: number;
  /** Undefined: it has none that the server could be asked for. */
  readonly gtid: string | undefined;
  /** What must be committed before it begins, and may not be yet; undefined: nothing that its session does not know. */
  readonly after: string | undefined;
  /** Its COMMIT is on its way, and it is small: it is committed soon. */
  isEnding: boolean;
}

export interface CrewRules {
  /** How many sessions there may be. */
  readonly workers: number;
  /** Whether transactions are committed in the order of the source. */
  readonly keepsOrder: boolean;
  /** The server itself lets a session wait until a GTID is committed. */
  readonly waitsForGtids?: boolean;
}

/** Who may be given a transaction. */
export interface Candidates {
  readonly rules: CrewRules;
  /** The first one does what is not done side by side. */
  readonly sessions: readonly ApplySession[];
  /** In the order of the source. */
  readonly underWay: readonly UnderWay[];
  /** Sessions whose COMMIT waits for its turn. */
  readonly waiting: ReadonlySet<ApplySession>;
}

/** The session for a transaction, or `another` one that is to be made; undefined: it may not begin yet. */
export function chooseSession(
  time: LogicalTime,
  { rules, sessions, underWay, waiting }: Candidates,
): ApplySession | 'another' | undefined {
  const { workers, keepsOrder } = rules;
  if (underWay.length > 0 && time.number - underWay[0]!.number > MOST_AHEAD) return undefined;
  const isQuick = time.length !== undefined && time.length < QUICK_BYTES;
  const latest = underWay.at(-1);
  if (isQuick && latest !== undefined && isChained(latest, rules))
    return inTurn(latest, time, sessions, workers);
  const needed = new Set<ApplySession>();
  for (const { number, session } of underWay) {
    if (number > time.after) break;
    needed.add(session);
  }
  if (needed.size > 1) return undefined;
  for (const session of needed) {
    if (waiting.has(session)) return undefined;
    const newest = underWay.findLast((one) => one.session === session)!;
    // It need not stand behind what it does not wait for.
    const mayLeave = !keepsOrder && rules.waitsForGtids === true && newest.number > time.after;
    return (mayLeave ? idle(sessions, underWay, workers) : undefined) ?? session;
  }
  const last = latest?.session ?? sessions[0]!;
  if (keepsOrder && isQuick) return waiting.has(last) ? undefined : last;
  return idle(sessions, underWay, workers) ?? (keepsOrder ? undefined : leastBusy(sessions, underWay));
}

/** Whether the server itself lets others wait until a transaction is committed. */
export function isChained({ isEnding, gtid }: UnderWay, { keepsOrder, waitsForGtids }: CrewRules): boolean {
  return keepsOrder && waitsForGtids === true && isEnding && gtid !== undefined;
}

/** The GTID that must be committed before a transaction begins, unless what its session had before was committed behind it. */
export function unknownBefore(
  { after }: LogicalTime,
  session: ApplySession,
  underWay: readonly UnderWay[],
): string | undefined {
  const holder = underWay.findLast(({ number }) => number <= after);
  if (holder === undefined) return undefined;
  const had = underWay.findLast((one) => one.session === session);
  return had !== undefined && had.number >= holder.number ? undefined : holder.gtid;
}

/** The session after the one that had the last transaction, or that one where it must be waited for anyhow. */
function inTurn(
  { session, number }: UnderWay,
  time: LogicalTime,
  sessions: readonly ApplySession[],
  workers: number,
): ApplySession | 'another' {
  if (time.after >= number) return session;
  if (sessions.length < workers) return 'another';
  return sessions[(sessions.indexOf(session) + 1) % sessions.length]!;
}

function idle(
  sessions: readonly ApplySession[],
  underWay: readonly UnderWay[],
  workers: number,
): ApplySession | 'another' | undefined {
  const busy = new Set(underWay.map(({ session }) => session));
  const found = sessions.find((session) => !busy.has(session));
  return found ?? (sessions.length < workers ? 'another' : undefined);
}

function leastBusy(sessions: readonly ApplySession[], underWay: readonly UnderWay[]): ApplySession {
  const counts = new Map(sessions.map((session) => [session, 0]));
  for (const { session } of underWay) counts.set(session, counts.get(session)! + 1);
  return [...counts].reduce((least, one) => (one[1] < least[1] ? one : least))[0];
}
