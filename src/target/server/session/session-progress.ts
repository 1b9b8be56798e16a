import type { SourceTransaction, TargetRetry, TargetWorker, WorkerTransaction } from '../../target.ts';

/** Of one session: which transactions it was given, and what became of them. */
export class SessionProgress {
  #failure: TargetWorker['failure'];
  /** Not committed yet, in the order of the source. */
  readonly #given: { transaction: SourceTransaction; startedAt: number; retry: TargetRetry | undefined }[] =
    [];
  #committed = 0;
  #last: WorkerTransaction | undefined;

  /** Transactions that it was given so far. */
  get given(): number {
    return this.#committed + this.#given.length;
  }

  get worker(): TargetWorker {
    const head = this.#given[0];
    return {
      applying: head === undefined ? undefined : { ...head, endedAt: 0 },
      lastApplied: this.#last,
      failure: this.#failure,
    };
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  failed(error: unknown): void {
    this.#failure ??= { error, at: Date.now() };
  }

  begin(transaction: SourceTransaction): void {
    this.#given.push({ transaction, startedAt: Date.now(), retry: undefined });
  }

  /** The transaction that was begun last was taken back. */
  takeBack(): void {
    this.#given.pop();
  }

  /** What it does at the moment is tried again. */
  retried(retry: TargetRetry): void {
    const head = this.#given[0];
    if (head !== undefined) head.retry = retry;
  }

  /** As many as these, of all that were {@link given}, are committed. */
  committed(count: number): void {
    const done = this.#given.splice(0, count - this.#committed);
    const last = done.at(-1);
    if (last === undefined) return;
    this.#committed = count;
    const endedAt = Date.now();
    for (const { transaction } of done)
      if (transaction.label !== undefined) transaction.label.committedAt = endedAt;
    this.#last = { ...last, endedAt };
    // It was sent ahead, and begins now.
    if (this.#given[0] !== undefined) this.#given[0].startedAt = endedAt;
  }
}
