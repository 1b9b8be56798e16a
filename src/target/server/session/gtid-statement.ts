import type { Connection } from '../../../connection/index.ts';
import { parseMariadbGtid } from '../../../gtid/index.ts';

/** What gives the next transaction of a session the GTID it had at the source: `uuid:tag:number`, or `domain-server-sequence`. */
export function gtidStatement(gtid: string): string {
  if (gtid.includes(':')) return `SET @@session.gtid_next='${gtid}'`;
  const { domainId, serverId, seqNo } = parseMariadbGtid(gtid);
  return `SET @@session.gtid_domain_id=${domainId}, @@session.server_id=${serverId}, @@session.gtid_seq_no=${seqNo}`;
}

/** Whether a server of MySQL has the transaction of a GTID. */
export async function isExecuted(connection: Connection, gtid: string): Promise<boolean> {
  return (await connection.value(`SELECT GTID_SUBSET('${gtid}', @@global.gtid_executed)`)) === '1';
}
