/** Splits an `iptables -S` line into arguments; quoted comments stay whole. */
export const words = (text: string): string[] =>
  (text.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? []).map((word) =>
    word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word,
  );
