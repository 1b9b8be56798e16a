/** Room outside of memory for the bytes of a large statement: a temporary file. */
export interface SpillFile {
  /** Adds to the end. Returns where. */
  append(bytes: Uint8Array): number;
  /** Fills `into` from `offset` on. */
  read(into: Uint8Array, offset: number): void;
  /** Nothing in it is wanted any more. */
  clear(): void;
}
