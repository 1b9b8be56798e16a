import type { MariadbXid } from './events/mariadb-gtid.ts';

/** `X'616263',X'',1`: how the servers write the name of an XA transaction into their logs, whichever statement it stands in. */
export function xidText({ formatId, globalId, branchQualifier }: MariadbXid): string {
  return `X'${Buffer.from(globalId).toString('hex')}',X'${Buffer.from(branchQualifier).toString('hex')}',${formatId}`;
}
