/** Those who wait for news. Each is woken once. */
export class Sleepers {
  #waiting: Set<() => void> = new Set();

  /** @returns takes it back */
  add(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  wake(): void {
    if (this.#waiting.size === 0) return;
    const woken = this.#waiting;
    this.#waiting = new Set();
    for (const wake of woken) wake();
  }
}
