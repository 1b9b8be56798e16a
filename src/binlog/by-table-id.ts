/**
 * Tables that are remembered at least. A server that opens a table anew gives it another id, so a log may have any number of them; no
 * statement maps as many. What is known of one takes some 10 kB.
 */
export const TABLES_REMEMBERED = 512;

/** What is known of tables, by their ids. What was not asked for while as many others were is forgotten. */
export class ByTableId<Value> {
  #recent = new Map<number, Value>();
  /** Those that were recent before there were too many. */
  #earlier = new Map<number, Value>();

  get(id: number): Value | undefined {
    const recent = this.#recent.get(id);
    if (recent !== undefined) return recent;
    const earlier = this.#earlier.get(id);
    if (earlier !== undefined) this.set(id, earlier);
    return earlier;
  }

  set(id: number, value: Value): void {
    if (this.#recent.size >= TABLES_REMEMBERED && !this.#recent.has(id)) {
      this.#earlier = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(id, value);
  }

  clear(): void {
    this.#recent.clear();
    this.#earlier.clear();
  }
}
