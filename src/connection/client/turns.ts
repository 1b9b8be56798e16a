/** Lets one at a time do what nobody may do at once. */
export class Turns {
  #last: Promise<void> = Promise.resolve();
  #taken = 0;

  /** Nobody has a turn, or waits for one: what waits for nothing itself may be done at once. */
  get areFree(): boolean {
    return this.#taken === 0;
  }

  async take<T>(run: () => Promise<T>): Promise<T> {
    this.#taken += 1;
    const before = this.#last;
    let end: () => void = () => undefined;
    this.#last = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    try {
      return await run();
    } finally {
      this.#taken -= 1;
      end();
    }
  }
}
