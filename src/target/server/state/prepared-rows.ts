import { hexLiteral } from '../hex-literal.ts';
import type { ApplySession } from '../session/apply-session.ts';
import { STATE_SCHEMA } from './state-tables.ts';

const TABLE = `${STATE_SCHEMA}.prepared`;

const isOf = (channel: string, xid: string): string =>
  `channel = ${hexLiteral(channel)} AND xid = ${hexLiteral(xid)}`;

/** The statement that keeps the rows of a prepared XA transaction. */
export const savePrepared = (channel: string, xid: string, events: Uint8Array): string =>
  `REPLACE INTO ${TABLE} VALUES (${hexLiteral(channel)}, ${hexLiteral(xid)}, ${hexLiteral(events)})`;

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
