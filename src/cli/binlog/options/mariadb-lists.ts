/** A GTID of MariaDB: domain, server, sequence number. */
export interface PositionGtid {
  readonly domainId: number;
  readonly serverId: number;
  readonly sequence: bigint;
}

const UINT32_MAX = 0xffff_ffff;
const UINT64_MAX = 2n ** 64n - 1n;

/** `0-1-5,1-1-7`; undefined where that is no list of GTIDs. */
export function readPositionGtids(text: string): readonly PositionGtid[] | undefined {
  const gtids: PositionGtid[] = [];
  for (const part of text.split(',')) {
    const [, domain, server, number] = /^(\d+)-(\d+)-(\d+)$/.exec(part) ?? [];
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

/** `1, 2,3`; undefined where that is no list of numbers that are not negative. */
export function readIds(text: string): readonly number[] | undefined {
  if (!/^\s*\d+(,\s*\d+)*$/.test(text)) return undefined;
  return text.split(',').map((part) => Number(part.trim()));
}
