/** Lets whoever waits for something look again when there is news. */
export class News {
  #waiting: (() => void)[] = [];

  /** The next news. */
  come(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  tell(): void {
    for (const tell of this.#waiting.splice(0)) tell();
  }
}
