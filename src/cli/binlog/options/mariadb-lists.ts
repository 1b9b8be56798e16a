/** A GTID of MariaDB: domain, server, sequence number. */
export interface PositionGtid {
  readonly domainId: number;
  readonly serverId: number;
  readonly sequence: bigint;
}

const UINT32_MAX = 0xffff_ffff;
const UINT64_MAX = 2n ** 64n - 1n;

/** As C's strtoull reads it, but without a minus: blanks, a plus, digits. */
const NUMBER = String.raw`[ \t\n\v\f\r]*\+?(\d+)`;
const GTID = new RegExp(`^${NUMBER}-${NUMBER}-${NUMBER}$`);
const ID = new RegExp(`^${NUMBER}$`);

/** `1234`, `+1234`: a byte of a log, of 64 bits; undefined where that is none. */
export function readBytePosition(text: string): bigint | undefined {
  // Of a larger number MariaDB keeps 64 bits.
  return /^\+?\d+$/.test(text) ? BigInt.asUintN(64, BigInt(text.replace('+', ''))) : undefined;
}

/** `0-1-5,1-1-7`; undefined where that is no list of GTIDs. */
export function readPositionGtids(text: string): readonly PositionGtid[] | undefined {
  const gtids: PositionGtid[] = [];
  for (const part of text.split(',')) {
    const [, domain, server, number] = GTID.exec(part) ?? [];
    if (domain === undefined || server === undefined || number === undefined) return undefined;
    const gtid = { domainId: Number(domain), serverId: Number(server), sequence: BigInt(number) };
    if (gtid.domainId > UINT32_MAX || gtid.serverId > UINT32_MAX || gtid.sequence > UINT64_MAX)
      return undefined;
    gtids.push(gtid);
  }
  return gtids;
}

/** `0-1-5` */
export function formatPositionGtid(gtid: PositionGtid): string {
  return `${gtid.domainId}-${gtid.serverId}-${gtid.sequence}`;
}

/** `0-1-5,1-1-7` */
export function formatPositionGtids(gtids: readonly PositionGtid[]): string {
  return gtids.map(formatPositionGtid).join(',');
}

/** `1, 2,3`; undefined where that is no list of numbers that are not negative. Of a number, 32 bits count. */
export function readIds(text: string): readonly number[] | undefined {
  const ids: number[] = [];
  for (const part of text.split(',')) {
    const [, digits] = ID.exec(part) ?? [];
    if (digits === undefined || BigInt(digits) > UINT64_MAX) return undefined;
    ids.push(Number(BigInt.asUintN(32, BigInt(digits))));
  }
  return ids;
}
