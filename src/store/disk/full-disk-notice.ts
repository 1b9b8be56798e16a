/** How those who wait for space tell of it, and how long they rest. */
export interface PatienceOptions {
  /** Told once when it begins to wait, and again every ten minutes. `seconds`: until it tries again, and until it says so again. */
  onFull(path: string, errno: number, seconds: { readonly retry: number; readonly repeat: number }): void;
  readonly retryMs?: number;
}

/** MySQL waits a minute; a look costs one write that fails. */
const RETRY_MS = 1000;
/** As MySQL repeats its message. */
const REPEAT_MS = 600_000;

/** Tells that somebody waits for space: not each time that there is none. */
export class FullDiskNotice {
  readonly #options: PatienceOptions;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  /** How long to rest before the next attempt, milliseconds. */
  get retryMs(): number {
    return this.#options.retryMs ?? RETRY_MS;
  }

  /** @param errno the system's number */
  tell(path: string, errno: number): void {
    const now = performance.now();
    if (now - this.#toldAt < REPEAT_MS) return;
    this.#toldAt = now;
    this.#options.onFull(path, errno, { retry: this.retryMs / 1000, repeat: REPEAT_MS / 1000 });
  }

  /** There is space: the next time is news. */
  end(): void {
    this.#toldAt = Number.NEGATIVE_INFINITY;
  }
}
