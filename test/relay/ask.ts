import type { Connection } from '../../src/connection/index.ts';
import { ServerError } from '../../src/errors/index.ts';

/** A row, as text. */
export type TextRow = readonly (string | null)[];

/** Rows as text, or `errno message`. */
export async function ask(connection: Connection, sql: string): Promise<readonly TextRow[] | string> {
  try {
    const { rows } = await connection.query(sql);
    return rows.map((row) => row.map((value) => value?.toString() ?? null));
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return `${error.errno} ${error.message}`;
  }
}
