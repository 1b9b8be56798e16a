import { UsageError } from '../errors/index.ts';

/** The name of one MariaDB transaction: `domain-server-sequence`. */
export interface MariadbGtid {
  /** u32 */
  readonly domainId: number;
  /** u32 */
  readonly serverId: number;
  /** u64 */
  readonly seqNo: bigint;
}

/** The text of the server's error 1941, ER_INCORRECT_GTID_STATE. */
const UNPARSABLE = 'Could not parse GTID list';
const U32_MAX = 0xffff_ffff;
const U64_END = 1n << 64n;

// Each number may be led by spaces and a plus sign, as my_strtoll10() takes it; nothing may follow one.
const GTID = /[ \t]*\+?(\d+)-[ \t]*\+?(\d+)-[ \t]*\+?(\d+)/y;

function scan(text: string, at: number): MariadbGtid | undefined {
  GTID.lastIndex = at;
  const match = GTID.exec(text);
  if (match === null) return undefined;
  const domainId = Number(match[1]);
  const serverId = Number(match[2]);
  const digits = match[3]!.replace(/^0+(?=.)/, '');
  // 20 digits are the longest number below 2^64.
  const seqNo = digits.length > 20 ? U64_END : BigInt(digits);
  return domainId > U32_MAX || serverId > U32_MAX || seqNo >= U64_END
    ? undefined
    : { domainId, serverId, seqNo };
}

/**
 * Reads `d-s-n,d-s-n,…`; the empty string is the empty list. Throws {@link UsageError} with the text of the server's
 * error 1941.
 */
export function parseMariadbGtidList(text: string): MariadbGtid[] {
  const gtids: MariadbGtid[] = [];
  if (text === '') return gtids;
  for (let at = 0; ; at += 1) {
    const gtid = scan(text, at);
    if (gtid === undefined) throw new UsageError(UNPARSABLE);
    gtids.push(gtid);
    at = GTID.lastIndex;
    if (at === text.length) return gtids;
    if (text[at] !== ',') throw new UsageError(UNPARSABLE);
  }
}

/** Reads one `d-s-n`. Throws {@link UsageError} as {@link parseMariadbGtidList} does. */
export function parseMariadbGtid(text: string): MariadbGtid {
  const [gtid, more] = parseMariadbGtidList(text);
  if (gtid === undefined || more !== undefined) throw new UsageError(UNPARSABLE);
  return gtid;
}

/** `0-1-100`: domain, server, sequence number. */
export function formatMariadbGtid(gtid: MariadbGtid): string {
  return `${gtid.domainId}-${gtid.serverId}-${gtid.seqNo}`;
}

/** `0-1-100,1-1-7`, in the given order. */
export function formatMariadbGtidList(gtids: Iterable<MariadbGtid>): string {
  return Array.from(gtids, formatMariadbGtid).join(',');
}

/** The first GTID whose domain an earlier one already has, with that earlier one. */
export function findRepeatedDomain(
  gtids: Iterable<MariadbGtid>,
): { found: MariadbGtid; previous: MariadbGtid } | undefined {
  const seen = new Map<number, MariadbGtid>();
  for (const found of gtids) {
    const previous = seen.get(found.domainId);
    if (previous !== undefined) return { found, previous };
    seen.set(found.domainId, found);
  }
  return undefined;
}
