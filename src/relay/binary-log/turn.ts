/** What one has at a time; the others wait. */
export class Turn {
  #taken: Promise<void> | undefined;

  /** Settled when whoever has it gives it back; undefined: nobody has. */
  get taken(): Promise<void> | undefined {
    return this.#taken;
  }

  /** Waits for it; give it back with the function. */
  async take(): Promise<() => void> {
    while (this.#taken !== undefined) await this.#taken;
    let free: () => void = () => undefined;
    this.#taken = new Promise((resolve) => {
      free = resolve;
    });
    return () => {
      this.#taken = undefined;
      free();
    };
  }
}
