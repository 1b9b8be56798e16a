import { ServerError } from '../../../errors/index.ts';
import { openSqlite, type SqliteDatabase } from '../../../store/index.ts';
import { QueryDatabase, sizeOf } from '../query-database.ts';
import { inWordsOfMysql } from '../sqlite-error.ts';
import type { ViewRow } from '../view.ts';
import { attachFiles } from './attached-files.ts';
import type { ReadOrder, ReadReply, ReadWarning } from './read-order.ts';

/** Of texts and blobs, and rows, in one message: the relay reads it in a few milliseconds. */
const BATCH_BYTES = 256 * 1024;
const BATCH_ROWS = 1000;

/** What one sends to a relay: resolved when it has been taken. */
export type SendReply = (reply: ReadReply) => Promise<void>;

/** Makes what a process needs that carries out read orders, one at a time, for a relay. */
export async function openReads(): Promise<(order: ReadOrder, send: SendReply) => Promise<void>> {
  const database = await QueryDatabase.open();
  const beside = await openSqlite(':memory:');
  return async (order, send) => {
    try {
      const warnings = await read(database, beside, order, send);
      await send({ kind: 'done', warnings });
    } catch (cause) {
      const error = inWordsOfMysql(cause);
      if (!(error instanceof ServerError)) throw error;
      const { errno, sqlState, message } = error;
      await send({ kind: 'failed', errno, sqlState, message });
    }
  };
}

async function read(
  database: QueryDatabase,
  beside: SqliteDatabase,
  order: ReadOrder,
  send: SendReply,
): Promise<ReadWarning[]> {
  const { sql, files, views, flavor, variables } = order;
  const warnings: ReadWarning[] = [];
  let detach = (): void => undefined;
  try {
    for (const view of views) database.tables.fill(view, view.values);
    database.running.begin({
      ...(flavor === undefined ? {} : { flavor }),
      variable: ({ name }) => variables.get(name) ?? null,
      warn: (code, message) => void warnings.push({ code, message }),
    });
    detach = attachFiles(database.sqlite, files, beside);
    const { origins, rows } = database.select(sql);
    await send({ kind: 'columns', origins });
    let batch: ViewRow[] = [];
    let size = 0;
    for (const row of rows) {
      batch.push(row);
      for (const value of row) size += sizeOf(value);
      if (batch.length < BATCH_ROWS && size < BATCH_BYTES) continue;
      // oxlint-disable-next-line no-await-in-loop -- what the relay has not taken yet waits here
      await send({ kind: 'rows', rows: batch });
      batch = [];
      size = 0;
    }
    if (batch.length > 0) await send({ kind: 'rows', rows: batch });
    return warnings;
  } finally {
    detach();
    for (const view of views) database.tables.clear(view);
  }
}
