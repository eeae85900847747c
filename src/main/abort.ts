/** Milliseconds a source gets to take back what it armed, once it was told to stop. */
const PATIENCE = 2500;

/**
 * The same items, until the signal: then the source is told to stop, waited for while it takes back what it armed, and
 * the signal's reason is thrown. A source that looks at the signal itself ends sooner, by an error or quietly.
 */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const items = source[Symbol.asyncIterator]();
  const aborted = new Promise<'aborted'>((resolve) => {
    if (signal.aborted) resolve('aborted');
    signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
  let done = false;
  try {
    for (;;) {
      const next = items.next();
      const first = await Promise.race([next, aborted]);
      if (first === 'aborted') {
        await Promise.race([drained(items, next), pause(PATIENCE)]);
        done = true;
        throw signal.reason;
      }
      if (first.done) {
        done = true;
        if (signal.aborted) throw signal.reason;
        return;
      }
      yield first.value;
    }
  } finally {
    if (!done) await items.return?.();
  }
}

/** Takes what still comes, so that the source reaches its end, and its `finally`. */
async function drained<T>(items: AsyncIterator<T>, pending: Promise<IteratorResult<T>>): Promise<void> {
  try {
    let next = await pending;
    while (!next.done) next = await items.next();
  } catch {
    // How it ended does not matter any more.
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
