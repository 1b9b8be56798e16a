/** Lets the network and the disk have their turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Waits as it is told to, until its signal aborts: with the one that is given, or once there is news. */
export async function untilNews(
  news: Promise<void> | undefined,
  signal: AbortSignal,
  wait: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  if (news === undefined) {
    await wait(signal);
    return;
  }
  const ended = new AbortController();
  const end = (): void => ended.abort();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  void news.then(end);
  await wait(ended.signal);
  signal.removeEventListener('abort', end);
}

/** Waits so long, or until the signal aborts. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
