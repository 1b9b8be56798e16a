/** Makes a Buffer of memory that is there already. */
type BufferView = (memory: ArrayBufferLike, start: number, length: number) => Buffer;

interface Species {
  new (memory: ArrayBufferLike, start: number, length: number): Buffer;
  readonly prototype: object;
}

/**
 * A Buffer of `length` bytes of `memory` from `start` on. The class behind Buffers, by its standard name, makes them in a third of the
 * time of `Buffer.from` and `subarray` (Node 20.20: 32 ns, 76 and 125). Where it is something else than in Node, `Buffer.from` does it.
 */
export const bufferView: BufferView = viewOf(
  (Buffer as unknown as { readonly [Symbol.species]?: Species })[Symbol.species],
);

/** @param species what makes instances of Buffer */
export function viewOf(species: Species | undefined): BufferView {
  if (species === undefined || species === Buffer || species.prototype !== Buffer.prototype) {
    return (memory, start, length) => Buffer.from(memory, start, length);
  }
  return (memory, start, length) => new species(memory, start, length);
}
