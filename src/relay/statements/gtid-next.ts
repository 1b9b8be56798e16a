import { ServerError, UsageError } from '../../errors/index.ts';
import { formatMysqlGtid, type MysqlGtid, parseMysqlGtid } from '../../gtid/index.ts';

/**
 * GTID_NEXT of a session. A relay makes no changes of its own, so the one transaction that it can name is an empty one: the way to pass
 * over a transaction of a source for good.
 *
 *     SET GTID_NEXT = 'uuid:number'; BEGIN; COMMIT; SET GTID_NEXT = 'AUTOMATIC';
 */
export class GtidNext {
  #owned: MysqlGtid | undefined;
  #inTransaction = false;

  /**
   * Takes a value; gives it as the server shows it.
   *
   * @throws ServerError 1231, 1232 it is no text; 1774 it is no GTID; 1766, 1790 not now; 1782 anonymous transactions have no place here
   */
  set(value: unknown): string {
    if (value === null)
      throw new ServerError(1231, '42000', "Variable 'gtid_next' can't be set to the value of 'NULL'");
    if (value !== undefined && typeof value !== 'string')
      throw new ServerError(1232, '42000', "Incorrect argument type to variable 'gtid_next'");
    if (this.#inTransaction)
      throw new ServerError(
        1766,
        'HY000',
        'The system variable gtid_next cannot be set when there is an ongoing transaction.',
      );
    if (this.#owned !== undefined) {
      const owned = formatMysqlGtid(this.#owned);
      throw new ServerError(
        1790,
        'HY000',
        `@@SESSION.GTID_NEXT cannot be changed by a client that owns a GTID. The client owns ${owned}. Ownership is released on COMMIT or ROLLBACK.`,
      );
    }
    const text = value ?? 'AUTOMATIC';
    if (/^automatic(:[a-z_][a-z0-9_]{0,31})?$/i.test(text))
      return text.toUpperCase().slice(0, 9) + text.slice(9);
    if (/^anonymous$/i.test(text))
      throw new ServerError(
        1782,
        'HY000',
        '@@SESSION.GTID_NEXT cannot be set to ANONYMOUS when @@GLOBAL.GTID_MODE = ON.',
      );
    this.#owned = parse(text);
    return formatMysqlGtid(this.#owned);
  }

  /** A statement failed: outside a transaction that is a rollback, and nothing will come of the GTID. */
  failed(): void {
    if (!this.#inTransaction) this.#owned = undefined;
  }

  /** Whether BEGIN was said, and no end yet. */
  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /** BEGIN, START TRANSACTION. */
  begin(): void {
    this.#inTransaction = true;
  }

  /** COMMIT, ROLLBACK; `chain`: another transaction begins at once. Gives the GTID that was owned: that of an empty transaction. */
  end(chain: boolean): MysqlGtid | undefined {
    this.#inTransaction = chain;
    const owned = this.#owned;
    this.#owned = undefined;
    return owned;
  }
}

function parse(text: string): MysqlGtid {
  try {
    return parseMysqlGtid(text);
  } catch (error) {
    if (error instanceof UsageError) throw new ServerError(1774, 'HY000', error.message);
    throw error;
  }
}
