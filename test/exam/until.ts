/** Those of a list that are begun before so many minutes are over; a shared list is begun by whoever is free. */
export function* until<T>(all: T[], minutes: number | null, now: () => number = Date.now): Generator<T> {
  const end = minutes === null ? Number.POSITIVE_INFINITY : now() + minutes * 60_000;
  while (all.length > 0 && now() < end) yield all.shift()!;
}
