/** How much of one sort, and how much in all, is remembered: what strangers cause must not fill the memory. */
export class Room {
  readonly #each: number;
  readonly #all: number;
  readonly #counts = new Map<string, number>();
  #taken = 0;

  constructor(each: number, all: number) {
    this.#each = each;
    this.#all = all;
  }

  /** Takes a place for one more of this sort; false where there is none. */
  for(sort: string): boolean {
    const before = this.#counts.get(sort) ?? 0;
    if (before >= this.#each || this.#taken >= this.#all) return false;
    this.#counts.set(sort, before + 1);
    this.#taken++;
    return true;
  }
}
