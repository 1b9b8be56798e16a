/** Wrong passwords that cost nothing: of one user from one address, and of an address, behind which many may be. */
const FREE_FAILURES = { user: 3, address: 30 } as const;
/** The first wait; each further failure doubles it. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
/** A failure is forgotten after this. */
const MEMORY_MS = 10 * 60_000;
/** Names kept at most; the one that failed longest ago goes first. */
const MAX_NAMES = 4096;

interface Failures {
  count: number;
  at: number;
}

/**
 * Slows guessing down: who failed before waits before the next answer, by address and by address and user. What it remembers is bounded,
 * whatever is thrown at it.
 */
export class LoginBrake {
  readonly #failures = new Map<string, Failures>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Milliseconds to wait before answering. An attempt under way counts as one that failed, so that many at once gain nothing. */
  begin(user: string, address: string): number {
    let wait = 0;
    for (const [name, free] of namesOf(user, address)) {
      const failures = this.#known(name);
      if (failures === undefined) continue;
      const over = failures.count - free;
      if (over >= 0) {
        wait = Math.max(wait, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(over, 10)));
        this.#note(name, failures.count + 1);
      }
    }
    return wait;
  }

  failed(user: string, address: string): void {
    for (const [name] of namesOf(user, address)) this.#note(name, (this.#known(name)?.count ?? 0) + 1);
  }

  /** The right password clears what stood against this user there; the address keeps what it did to others. */
  succeeded(user: string, address: string): void {
    this.#failures.delete(namesOf(user, address)[0]![0]);
  }

  /** How much is remembered. */
  get size(): number {
    return this.#failures.size;
  }

  #known(name: string): Failures | undefined {
    const failures = this.#failures.get(name);
    if (failures !== undefined && this.#now() - failures.at > MEMORY_MS) {
      this.#failures.delete(name);
      return undefined;
    }
    return failures;
  }

  #note(name: string, count: number): void {
    // Put in anew, so that the map's first entry is the oldest.
    this.#failures.delete(name);
    this.#failures.set(name, { count, at: this.#now() });
    if (this.#failures.size > MAX_NAMES) {
      const [oldest] = this.#failures.keys();
      this.#failures.delete(oldest!);
    }
  }
}

/** User names are cut as the servers cut them: nobody fills memory with long ones. */
function namesOf(user: string, address: string): readonly (readonly [name: string, free: number])[] {
  return [
    [`${user.slice(0, 96)}@${address}`, FREE_FAILURES.user],
    [`@${address}`, FREE_FAILURES.address],
  ];
}
