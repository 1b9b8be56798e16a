const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** What a steady clock is made of. */
export interface SteadyClockOptions {
  /** The machine's clock, which somebody may set: milliseconds since 1970. */
  readonly now: () => number;
  /** One that only runs: milliseconds since whenever. */
  readonly monotonic?: () => number;
  /** Told once when the clock is found ahead of the time that went by. */
  jumped?(milliseconds: number): void;
}

/**
 * The clock that says how old logs are. A clock set a year ahead would make all of them old at once, and what is removed does not come
 * back when it is set right: so a jump ahead by more than an hour is believed a day later, if it is still there.
 */
export class SteadyClock {
  readonly #options: SteadyClockOptions;
  readonly #monotonic: () => number;
  #offset: number;
  #jumpedAt: number | undefined;

  constructor(options: SteadyClockOptions) {
    this.#options = options;
    this.#monotonic = options.monotonic ?? (() => performance.now());
    this.#offset = options.now() - this.#monotonic();
  }

  now(): number {
    const time = this.#options.now();
    const passed = this.#monotonic();
    const expected = passed + this.#offset;
    const ahead = time - expected;
    if (ahead <= HOUR_MS) {
      // Small steps are the clock being kept right; a clock set back makes logs younger, which harms nobody.
      if (ahead > -HOUR_MS) this.#offset = time - passed;
      this.#jumpedAt = undefined;
      return time;
    }
    if (this.#jumpedAt === undefined) {
      this.#jumpedAt = passed;
      this.#options.jumped?.(ahead);
    }
    if (passed - this.#jumpedAt < DAY_MS) return expected;
    this.#offset = time - passed;
    this.#jumpedAt = undefined;
    return time;
  }
}
