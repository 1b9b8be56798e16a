/**
 * What a generator gives, for a reader who may leave while it waits: a generator by itself hears of it only when it goes on, which is
 * when the server says something.
 *
 * @param leave ends the wait
 */
export function leavable<Item>(
  items: AsyncGenerator<Item, void, undefined>,
  leave: () => void,
): AsyncIterableIterator<Item, void, undefined> {
  return {
    next: () => items.next(),
    return: () => {
      leave();
      return items.return();
    },
    throw: (error: unknown) => {
      leave();
      return items.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
