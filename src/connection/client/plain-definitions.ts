import { ServerError } from '../../errors/index.ts';
import type { Connection } from './connection.ts';

/**
 * Names in UTF-8: there are servers that give every session a character set of theirs (`skip-character-set-client-handshake`). The keys that
 * MySQL makes by itself are in the log, yet a server may hide them (8.0.30); MariaDB takes such a comment
 * for one.
 */
const PLAINLY =
  "SET NAMES utf8mb4, SESSION sql_mode = '', sql_quote_show_create = 1 /*!80030 , show_gipk_in_create_table_and_information_schema = 1 */";

/**
 * Makes the server tell this session of tables as they are, whatever it does by itself: names in backticks, literals with escapes, all
 * options, and every column. Under ANSI_QUOTES, NO_BACKSLASH_ESCAPES and ORACLE definitions read otherwise, or lack half of it.
 */
export async function showDefinitionsPlainly(connection: Connection): Promise<void> {
  try {
    await connection.query(PLAINLY);
  } catch (error) {
    // What is between us and the server does not let it through: it may be as we want it all the same.
    if (!(error instanceof ServerError)) throw error;
  }
}
