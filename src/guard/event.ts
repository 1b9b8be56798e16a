import type { Flavor } from '../charset/index.ts';

/** What the guard needs to know of an event. A framed event without its query already is one. */
export interface GuardEvent {
  /** Type code of the header. */
  readonly type: number;
  /** Flags of the header. */
  readonly flags: number;
  /** QUERY and QUERY_COMPRESSED events: what they say. Left out if they could not be decoded. */
  readonly query?: GuardQuery;
  /** MariaDB's GTID events: whether FL_STANDALONE is set, so that one event follows and no COMMIT. */
  readonly standalone?: boolean;
}

/** The statement of a Query event and what decides how it reads. */
export interface GuardQuery {
  /** Inflated, in the character set of the client. */
  readonly statement: Uint8Array;
  /** Status variable SQL_MODE, if it is known; only ANSI_QUOTES and NO_BACKSLASH_ESCAPES matter. */
  readonly sqlMode?: number;
  /** Of the server that wrote the event. */
  readonly flavor: Flavor;
  /** Name of the client's character set, if it is known. */
  readonly charset?: string;
}
