/** Lets one at a time do what nobody may do at once. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  async take<T>(run: () => Promise<T>): Promise<T> {
    const before = this.#last;
    let end: () => void = () => undefined;
    this.#last = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    try {
      return await run();
    } finally {
      end();
    }
  }
}
