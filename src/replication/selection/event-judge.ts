import {
  decodeBody,
  decodeNext,
  demandBody,
  EventFlag,
  EventType,
  type Flavor,
  HEADER_BYTES,
  LogState,
  MariadbGtidFlag,
  PayloadReader,
  type Query,
  RawEvent,
} from '../../binlog/index.ts';
import { FormatError } from '../../errors/index.ts';
import { type GuardEvent, guardQueryOf, type Refusal, StrictGuard } from '../../guard/index.ts';
import { statementDigest } from './statement-digest.ts';
import { readingOf } from './statement-reading.ts';

/** Why an event may not pass. */
export interface Judgement {
  readonly refusal: Refusal;
  /** Of the statement, if it was one. */
  readonly digest: string | undefined;
}

/** Thread 4, seconds 4: in these, a statement differs from the same one before. */
const SAME_FROM = 8;
const BEGIN = Buffer.from('BEGIN');

/** A statement as it was read once. */
interface KnownQuery {
  readonly type: number;
  readonly flags: number;
  /** Its body, but for the beginning. */
  readonly bytes: Buffer;
  readonly query: Query;
  readonly event: GuardEvent;
}

type Draft = { -readonly [Key in keyof GuardEvent]: GuardEvent[Key] };

/**
 * Holds a stream to rows: every event is judged before anybody keeps it, compressed transactions with all that is in them. Rows are
 * never decoded; statements are, and are read as the server that wrote them reads them.
 */
export class EventJudge {
  readonly #guard = new StrictGuard();
  readonly #state = new LogState();
  readonly #inner = new RawEvent();
  /** One object for nearly all events: nothing is allocated for rows. */
  readonly #plain: Draft = { type: 0, flags: 0 };
  #query: Query | undefined;
  /** Every transaction has a BEGIN, the same as the one before. */
  #begin: KnownQuery | undefined;

  constructor(flavor: Flavor) {
    this.#state.flavor = flavor;
  }

  /** A new transaction follows: after a reconnection. */
  reset(): void {
    this.#guard.reset();
  }

  /** Why this event may not pass; undefined: it may. Feed it every event in order. */
  check(event: RawEvent): Judgement | undefined {
    this.#query = undefined;
    const refusal = this.#judge(event);
    if (refusal === undefined) return undefined;
    return { refusal, digest: this.#query === undefined ? undefined : this.#digest(this.#query) };
  }

  #judge(event: RawEvent): Refusal | undefined {
    const { type } = event;
    // The source goes on in another file: what a crash left open at the end of this one never happened.
    if (isMadeUpRotate(event)) this.#guard.reset();
    if (type === EventType.FORMAT_DESCRIPTION_EVENT) {
      decodeNext(event, this.#state);
      this.#begin = undefined;
    }
    const verdict = this.#guard.check(this.#guardEvent(event));
    if (!verdict.pass) return verdict;
    return type === EventType.TRANSACTION_PAYLOAD_EVENT ? this.#judgePayload(event) : undefined;
  }

  #judgePayload(event: RawEvent): Refusal | undefined {
    const body = decodeBody(event, this.#state);
    if (body.kind !== 'transactionPayload') throw new FormatError('a payload that is none');
    for (const inner of new PayloadReader(body, event).events(this.#inner)) {
      const verdict = this.#guard.check(this.#guardEvent(inner));
      if (!verdict.pass) return verdict;
      demandBody(inner);
    }
    const verdict = this.#guard.endPayload();
    return verdict.pass ? undefined : verdict;
  }

  #guardEvent(event: RawEvent): GuardEvent {
    const { type, flags } = event;
    if (type === EventType.QUERY_EVENT || type === EventType.QUERY_COMPRESSED_EVENT) {
      return this.#queryEvent(event);
    }
    if (type === EventType.GTID_EVENT) {
      const marks = event.bytes[event.start + HEADER_BYTES + 12] ?? 0;
      return { type, flags, standalone: (marks & MariadbGtidFlag.STANDALONE) !== 0 };
    }
    const plain = this.#plain;
    plain.type = type;
    plain.flags = flags;
    return plain;
  }

  #queryEvent(event: RawEvent): GuardEvent {
    const { type, flags } = event;
    const known = this.#begin;
    if (known !== undefined && isSame(event, known)) {
      this.#query = known.query;
      return known.event;
    }
    const body = this.#decodeQuery(event);
    if (body === undefined) return { type, flags };
    this.#query = body;
    if (body.statement.equals(BEGIN)) this.#remember(event.keep());
    return { type, flags, query: guardQueryOf(body, this.#state.flavor) };
  }

  /** Of a copy: it outlives the event. */
  #remember(event: RawEvent): void {
    const { type, flags, bytes, bodyStart, bodyEnd } = event;
    const query = this.#decodeQuery(event);
    if (query === undefined) return;
    this.#begin = {
      type,
      flags,
      bytes: bytes.subarray(bodyStart + SAME_FROM, bodyEnd),
      query,
      event: { type, flags, query: guardQueryOf(query, this.#state.flavor) },
    };
  }

  #decodeQuery(event: RawEvent): Query | undefined {
    try {
      const body = decodeBody(event, this.#state);
      return body.kind === 'query' ? body : undefined;
    } catch (error) {
      if (error instanceof FormatError) return undefined;
      throw error;
    }
  }

  #digest(query: Query): string {
    return statementDigest(query.statement, readingOf(query, this.#state.flavor));
  }
}

/** Whether the source made the rotate for the dump. Old servers do not set the flag. */
const isMadeUpRotate = (event: RawEvent): boolean =>
  event.type === EventType.ROTATE_EVENT && (event.timestamp === 0 || event.hasFlag(EventFlag.ARTIFICIAL));

/** Whether a statement is the known one in every byte but those that say who ran it, and for how long. */
function isSame({ type, flags, bytes, bodyStart, bodyEnd }: RawEvent, known: KnownQuery): boolean {
  const from = bodyStart + SAME_FROM;
  return (
    type === known.type &&
    flags === known.flags &&
    bodyEnd - from === known.bytes.length &&
    bytes.compare(known.bytes, 0, known.bytes.length, from, bodyEnd) === 0
  );
}
