import type { Query } from '../../binlog/index.ts';
import type { SourcePosition } from '../../replication/index.ts';
import { quoteName } from '../../sql/index.ts';
import type {
  Definition,
  PositionMark,
  RowsOfTable,
  SourceTransaction,
  Target,
  TargetRetry,
  TargetWorker,
} from '../target.ts';
import { withTimestampRule } from '../timestamp-rule.ts';
import type { Abilities } from './abilities.ts';
import { Coordinator } from './coordinator.ts';
import { openChannel } from './open-channel.ts';
import type { OpenTransaction } from './open-transaction.ts';
import { withRefusedWritesHint } from './refused-writes.ts';
import { type ServerTargetOptions, workersOf } from './server-target-options.ts';
import type { ApplySession } from './session/apply-session.ts';
import { savePrepared } from './state/prepared-rows.ts';

/** Applies a channel to a server of MySQL or MariaDB. */
export class ServerTarget implements Target {
  readonly #options: ServerTargetOptions;
  #abilities: Abilities | undefined;
  /** While the channel is open. */
  #coordinator: Coordinator | undefined;
  /** Takes what comes of the source transaction that is open. */
  #open: OpenTransaction | undefined;
  #sessionsUsed = 0;
  /** Transactions that were tried again by sessions that are closed. */
  #retriedBefore = 0;
  #failed = false;

  /** @throws UsageError */
  constructor(options: ServerTargetOptions) {
    workersOf(options);
    this.#options = options;
  }

  get kind(): string {
    return this.#abilities?.flavor ?? 'mysql';
  }

  /** What the server lets the account do, once {@link open} has asked. */
  get abilities(): Abilities | undefined {
    return this.#abilities;
  }

  /** Transactions that lost a lock and were tried again. */
  get retried(): number {
    return this.#sessions.reduce((sum, { stream }) => sum + stream.retried, this.#retriedBefore);
  }

  get lastRetry(): TargetRetry | undefined {
    const retries = this.#sessions.flatMap(({ stream }) => stream.lastRetry ?? []);
    return retries.sort((one, other) => other.at - one.at)[0];
  }

  get workers(): readonly TargetWorker[] {
    return this.#sessions.map(({ progress }) => progress.worker);
  }

  get hasFailed(): boolean {
    return this.#failed;
  }

  /** Sessions that apply; more than one once there was something to do side by side. */
  get sessions(): number {
    return this.#coordinator?.crew.sessions.length ?? this.#sessionsUsed;
  }

  async open(channel: string): Promise<SourcePosition | undefined> {
    const opened = await openChannel(channel, this.#options, () => this.#coordinator?.way);
    this.#abilities = opened.abilities;
    this.#coordinator = new Coordinator(opened, this.#options);
    this.#failed = false;
    return opened.record.position;
  }

  async begin(transaction: SourceTransaction): Promise<void> {
    const coordinator = this.#coordinator!;
    coordinator.chooseWay();
    this.#open = await this.#guarded(() => coordinator.begin(transaction));
  }

  async session(query: Query): Promise<void> {
    await this.#guarded(() => this.#open!.settings(query));
  }

  async rows(rows: RowsOfTable): Promise<void> {
    await this.#guarded(() => this.#open!.rows(rows));
  }

  async define(definition: Definition): Promise<void> {
    const coordinator = this.#coordinator!;
    const run = this.#open!.planned(await withTimestampRule(definition, this.#options.lookUp));
    if (run !== undefined) await this.#guarded(() => coordinator.define(run));
  }

  async savepoint(name: string): Promise<void> {
    await this.#guarded(() => this.#open!.add(`SAVEPOINT ${quoteName(name)}`));
  }

  async rollbackTo(name: string): Promise<void> {
    await this.#guarded(() => this.#open!.add(`ROLLBACK TO SAVEPOINT ${quoteName(name)}`));
  }

  async keepPrepared(xid: string, events: Uint8Array): Promise<void> {
    const { channel } = this.#coordinator!.record;
    await this.#guarded(() => this.#open!.add(savePrepared(channel, xid, events)));
  }

  async takePrepared(xid: string): Promise<Uint8Array | undefined> {
    return this.#guarded(() => this.#open!.takePrepared(xid));
  }

  async commit(after: PositionMark | undefined): Promise<void> {
    await this.#guarded(() => this.#open!.commit(after));
  }

  async mark(position: SourcePosition): Promise<void> {
    await this.#guarded(() => this.#coordinator!.mark(position));
  }

  async rollback(): Promise<void> {
    const open = this.#open;
    if (this.#failed || open === undefined) return;
    await this.#guarded(() => open.rollback()).catch(() => undefined);
  }

  async flush(): Promise<void> {
    const coordinator = this.#coordinator;
    if (this.#failed || coordinator === undefined) return;
    await this.#guarded(() => coordinator.flush());
  }

  underWay(): Promise<void> | undefined {
    return this.#failed ? undefined : this.#coordinator?.underWay();
  }

  async close(): Promise<void> {
    const coordinator = this.#coordinator;
    if (coordinator === undefined) return;
    const { sessions } = coordinator.crew;
    try {
      if (!this.#failed) await this.#guarded(() => coordinator.save());
    } finally {
      this.#retriedBefore = this.retried;
      this.#sessionsUsed = sessions.length;
      this.#coordinator = undefined;
      await Promise.all(sessions.map(({ connection }) => connection.close()));
    }
  }

  get #sessions(): readonly ApplySession[] {
    return this.#coordinator?.crew.sessions ?? [];
  }

  /** After an error nothing is written any more, and the error is told once all before it is done. */
  async #guarded<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      this.#failed = true;
      await this.#coordinator?.abandon(error);
      throw withRefusedWritesHint(error);
    }
  }
}
