import type { MariadbXid } from '../binlog/index.ts';

/** `X'616263',X'',1`: how the servers write the name of an XA transaction into their logs, whichever statement it stands in. */
export function xidOf(statement: Buffer): string {
  const text = statement.toString('latin1');
  return text
    .replace(/^\s*XA\s+(START|BEGIN|END|PREPARE|COMMIT|ROLLBACK)\s+/i, '')
    .replace(/\s+ONE\s+PHASE\s*$/i, '')
    .replaceAll(/\s/g, '');
}

/** The same, made of its parts. */
export function xidText({ formatId, globalId, branchQualifier }: MariadbXid): string {
  return `X'${Buffer.from(globalId).toString('hex')}',X'${Buffer.from(branchQualifier).toString('hex')}',${formatId}`;
}
