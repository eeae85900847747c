/** Which things a thing names: a file its imports. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/**
 * The circles of a graph: every set whose members all reach one another, in the order of their names.
 * Tarjan's algorithm for strongly connected components (SIAM J. Comput. 1, 1972).
 */
export function circles(graph: Graph): string[][] {
  const found: string[][] = [];
  const index = new Map<string, number>();
  /** The earliest that a thing reaches, among those that are still open. */
  const low = new Map<string, number>();
  const open: string[] = [];

  const visit = (one: string): number => {
    index.set(one, index.size);
    low.set(one, index.get(one)!);
    const from = open.push(one) - 1;
    for (const next of graph.get(one) ?? []) {
      const reached = !index.has(next) ? visit(next) : open.includes(next) ? index.get(next)! : Infinity;
      low.set(one, Math.min(low.get(one)!, reached));
    }
    if (low.get(one) === index.get(one)) {
      const members = open.splice(from);
      if (members.length > 1 || graph.get(one)?.includes(one)) found.push(members.sort());
    }
    return low.get(one)!;
  };

  for (const one of graph.keys()) if (!index.has(one)) visit(one);
  return found;
}
