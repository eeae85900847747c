import './end-by-signal.ts';

/** Works, and then removes what was made for it, however this process ends. */
export async function leavingNothing<T>(remove: () => void, work: () => Promise<T>): Promise<T> {
  process.once('exit', remove);
  try {
    return await work();
  } finally {
    remove();
    process.off('exit', remove);
  }
}
