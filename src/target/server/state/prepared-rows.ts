import { createHash } from 'node:crypto';
import { hexLiteral } from '../hex-literal.ts';
import type { ApplySession } from '../session/apply-session.ts';
import { KEY_BYTES, STATE_SCHEMA } from './state-tables.ts';

const TABLE = `${STATE_SCHEMA}.prepared`;

/** What a transaction is kept under. Two parts of 64 bytes each, written in hex, are more than the column takes. */
const keptAs = (xid: string): string =>
  xid.length <= KEY_BYTES ? xid : `sha256:${createHash('sha256').update(xid).digest('hex')}`;

const isOf = (channel: string, xid: string): string =>
  `channel = ${hexLiteral(channel)} AND xid = ${hexLiteral(keptAs(xid))}`;

/** The statement that keeps the rows of a prepared XA transaction. */
export const savePrepared = (channel: string, xid: string, events: Uint8Array): string =>
  `REPLACE INTO ${TABLE} VALUES (${hexLiteral(channel)}, ${hexLiteral(keptAs(xid))}, ${hexLiteral(events)})`;

/** Gives them back and forgets them, in the transaction that is open; undefined where nothing of that name was prepared. */
export async function takePrepared(
  session: ApplySession,
  channel: string,
  xid: string,
): Promise<Uint8Array | undefined> {
  await session.emitBatch();
  session.enter();
  await session.sendOpen();
  await session.stream.settled();
  const { rows } = await session.connection.query(`SELECT events FROM ${TABLE} WHERE ${isOf(channel, xid)}`);
  await session.add(`DELETE FROM ${TABLE} WHERE ${isOf(channel, xid)}`);
  return rows[0]?.[0] ?? undefined;
}
