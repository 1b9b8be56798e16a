import { ServerError } from '../../errors/index.ts';
import type { MariadbGtid, MysqlGtid } from '../../gtid/index.ts';
import type { TransactionGtid } from '../../replication/index.ts';
import type { Disk } from '../../store/index.ts';
import type { BinaryLogControl, BinaryLogFile, EventLimit, EventLine } from '../streams.ts';
import type { BinaryLog } from './binary-log.ts';
import { emptyTransaction } from './empty-transaction.ts';
import { eventLines } from './event-lines.ts';
import { MariadbLedger } from './gtid-ledger.ts';
import { gtidPositionAt } from './gtids-at.ts';
import { hasTransactions } from './log-head.ts';
import { SourceClock } from './logical-clock.ts';
import { TransactionBuffer } from './transaction-buffer.ts';

/** What statements ask of the binary log, and do with it. */
export class LogControl implements BinaryLogControl {
  readonly #log: BinaryLog;
  readonly #facts: { readonly disk: Disk; readonly serverId: number; readonly now: () => number };

  constructor(
    log: BinaryLog,
    facts: { readonly disk: Disk; readonly serverId: number; readonly now: () => number },
  ) {
    this.#log = log;
    this.#facts = facts;
  }

  get files(): readonly BinaryLogFile[] {
    return this.#log.log.files.map(({ name, size, readers }) => ({ name, size, readers }));
  }

  get end(): { readonly file: string; readonly position: number } {
    const { number, position } = this.#log.log.durable;
    return { file: this.#log.log.nameOf(number), position };
  }

  get gtidExecuted(): string {
    return this.#log.gtidExecuted;
  }

  get gtidPurged(): string {
    return this.#log.purging.purged;
  }

  get gtidPosition(): string {
    return this.#log.gtidPosition;
  }

  events(file: string | undefined, position: number, limit: EventLimit): AsyncIterable<EventLine> {
    return eventLines(this.#log.log, this.#log.flavor, file, position, limit);
  }

  /** An empty transaction of this name, durable when it comes back; nothing where it is here already. */
  async executeEmpty(gtid: MysqlGtid | MariadbGtid): Promise<void> {
    const name: TransactionGtid =
      'domainId' in gtid ? { flavor: 'mariadb', ...gtid } : { flavor: 'mysql', ...gtid };
    for (let room = this.#log.room(); room !== undefined; room = this.#log.room()) await room;
    if (this.#log.has(name)) return;
    const { serverId, now } = this.#facts;
    const buffer = new TransactionBuffer();
    for (const bytes of emptyTransaction(name, serverId, now())) buffer.addBytes(bytes);
    this.#log.append(buffer, new SourceClock(), { gtid: name, channel: '', place: undefined });
    await this.#log.settle();
  }

  async rotate(): Promise<void> {
    await this.#inTurn(async () => this.#log.rotate());
    await this.#log.settle();
    await this.#log.purging.old();
  }

  purgeTo(file: string): Promise<readonly string[]> {
    return this.#log.purging.to(file);
  }

  purgeBefore(time: Date): Promise<readonly string[]> {
    return this.#log.purging.before(time);
  }

  async reset(firstNumber = 1): Promise<void> {
    await this.#inTurn(async () => {
      await this.#log.settle();
      await this.#log.beginAnew(firstNumber);
    });
  }

  /** Begins behind these transactions, as if they had been here: SET GLOBAL gtid_purged, gtid_slave_pos. @throws ServerError 1840 */
  async beginBehind(gtids: string): Promise<void> {
    await this.#inTurn(async () => {
      await this.#log.settle();
      for (const { number } of this.#log.log.files) {
        if (!(await hasTransactions(this.#log.log, number))) continue;
        throw new ServerError(
          1840,
          'HY000',
          '@@GLOBAL.GTID_PURGED can only be set when @@GLOBAL.GTID_EXECUTED is empty. RESET BINARY LOGS AND GTIDS empties a relay.',
        );
      }
      await this.#log.beginAnew(1, gtids);
    });
  }

  async gtidPositionAt(file: string, position: number): Promise<string | undefined> {
    if (!(this.#log.ledger instanceof MariadbLedger)) return undefined;
    return gtidPositionAt(this.#log.log, this.#facts.disk, file, position);
  }

  /** Between the transactions of all channels. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const release = await this.#log.turn();
    try {
      await work();
    } finally {
      release();
    }
  }
}
