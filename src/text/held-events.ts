/** Events of a statement that wait for its end, one behind the other. */
export interface HeldEvents {
  /** Undefined while they are in the spill file. */
  readonly bytes: Buffer | undefined;
  /** Where they stand in the spill file. */
  readonly offset: number;
  /** Of each event: where it ends behind the first one's start, negative where it has no checksum. */
  readonly ends: readonly number[];
}

/** Memory for events that wait, from where somebody else can print them. */
export interface EventMemory {
  /** The most events that may be put into one piece of memory. */
  readonly mostEvents: number;
  /**
   * A piece of memory for an event of this size and others behind it; undefined where there is none.
   *
   * @param waits whether to wait for memory that others are still reading
   */
  take(size: number, waits: boolean): Buffer | undefined;
  /** Gives memory back that {@link take} gave. Others may still be reading it. */
  release(memory: Buffer): void;
}

/** Room outside of memory for the bytes of a large statement: a temporary file. */
export interface SpillFile {
  /** Adds to the end. Returns where. */
  append(bytes: Uint8Array): number;
  /** Fills `into` from `offset` on. */
  read(into: Uint8Array, offset: number): void;
  /** Nothing in it is wanted any more. */
  clear(): void;
}
