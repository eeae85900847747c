/** How the kernel lays out what a tracepoint tells: its format file, Documentation/trace/events.rst. */

export interface Field {
  readonly offset: number;
  readonly size: number;
}

export interface Format {
  readonly name: string;
  readonly id: number;
  readonly fields: ReadonlyMap<string, Field>;
  /** Names of the numbers of a field that is printed by name (`__print_symbolic`): of drop reasons, those of this kernel. */
  readonly symbols: ReadonlyMap<string, ReadonlyMap<number, string>>;
}

/** Undefined for a text that is no format. */
export function parseFormat(text: string): Format | undefined {
  const name = /^name: (\S+)$/m.exec(text)?.[1];
  const id = /^ID: (\d+)$/m.exec(text)?.[1];
  if (!name || !id) return undefined;
  const fields = new Map<string, Field>();
  for (const [, field, offset, size] of text.matchAll(
    /^\tfield:[^;]*?(\w+)(?:\[[^\]]*\])?;\s*offset:(\d+);\s*size:(\d+);/gm,
  ))
    fields.set(field!, { offset: Number(offset), size: Number(size) });
  const symbols = new Map<string, ReadonlyMap<number, string>>();
  for (const [, field, list] of text.matchAll(/__print_symbolic\(REC->(\w+), (.*?)\}\)/g)) {
    const names = [...`${list}}`.matchAll(/\{ (-?(?:0x)?[\da-f]+), "([^"]*)" \}/g)];
    symbols.set(field!, new Map(names.map(([, number, word]) => [Number(number), word!])));
  }
  return { name, id: Number(id), fields, symbols };
}
