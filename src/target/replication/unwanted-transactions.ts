import type { RawEvent } from '../../binlog/index.ts';
import { formatMariadbGtid, MysqlGtidSet, parseMariadbGtidList, parseMysqlGtid } from '../../gtid/index.ts';
import { gtidText, type SourceClient } from '../../replication/index.ts';

/** Transactions of a source: by their GTIDs (a set of MySQL, a list of MariaDB), or the one that the event at this place belongs to. */
export type TransactionName =
  | { readonly gtids: string }
  | { readonly file: string; readonly position: number };

/** The transactions that somebody has decided to do without. */
export class UnwantedTransactions {
  readonly #gtids: readonly ((gtid: string) => boolean)[];
  readonly #places: readonly { readonly file: string; readonly position: number }[];
  #isUnwanted = false;

  /** @throws UsageError these are no GTIDs */
  constructor(names: readonly TransactionName[] = []) {
    this.#gtids = names.flatMap((name) => ('gtids' in name ? [matcher(name.gtids)] : []));
    this.#places = names.flatMap((name) => ('file' in name ? [name] : []));
  }

  /** Whether the transaction of an event is one of them. One that is named by a place within it is known by that event, and those behind it. */
  has(event: RawEvent, client: Pick<SourceClient, 'file' | 'gtid' | 'place'>): boolean {
    const { file, gtid, place } = client;
    if (place === 'outside') return false;
    if (place === 'begins' || place === 'alone') {
      const text = gtid === undefined || this.#gtids.length === 0 ? undefined : gtidText(gtid);
      this.#isUnwanted = text !== undefined && this.#gtids.some((isNamed) => isNamed(text));
    }
    const { position, length } = event;
    this.#isUnwanted ||= this.#places.some(
      (named) => named.file === file && named.position >= position && named.position < position + length,
    );
    return this.#isUnwanted;
  }
}

function matcher(gtids: string): (gtid: string) => boolean {
  const names = mariadbNames(gtids);
  if (names !== undefined) return (gtid) => names.has(gtid);
  const set = MysqlGtidSet.parse(gtids);
  return (gtid) => mariadbNames(gtid) === undefined && set.has(parseMysqlGtid(gtid));
}

/** Undefined: these are none of MariaDB's. */
function mariadbNames(gtids: string): ReadonlySet<string> | undefined {
  try {
    return new Set(parseMariadbGtidList(gtids).map(formatMariadbGtid));
  } catch {
    return undefined;
  }
}
