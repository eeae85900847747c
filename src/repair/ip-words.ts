/** Reading the argument lists of ip(8), bridge(8) and tc(8). */
export interface Words {
  /** `-4`, `-6` or '' as the call said. */
  readonly family: '-4' | '-6' | '';
  readonly object: string;
  readonly verb: string;
  readonly rest: readonly string[];
}

const OBJECTS = [
  'link',
  'address',
  'route',
  'rule',
  'neighbour',
  'neighbor',
  'xfrm',
  'vlan',
  'fdb',
  'qdisc',
  'filter',
  'class',
];
const VERBS = [
  'add',
  'append',
  'prepend',
  'change',
  'replace',
  'delete',
  'del',
  'set',
  'flush',
  'policy',
  'state',
];

/** iproute2 takes any unambiguous beginning of a word. */
const full = (word: string | undefined, of: readonly string[]): string =>
  of.find((one) => one === word) ??
  of.find((one) => word !== undefined && word !== '' && one.startsWith(word)) ??
  '';

export function ipWords(argv: readonly string[]): Words {
  const start = argv.findIndex((word, index) => index > 0 && !word.startsWith('-'));
  const flags = argv.slice(1, start);
  const [object, verb, ...rest] = start < 0 ? [] : argv.slice(start);
  return {
    family: flags.includes('-6') ? '-6' : flags.includes('-4') ? '-4' : '',
    object: full(object, OBJECTS).replace('neighbor', 'neighbour'),
    verb: full(verb, VERBS).replace(/^del$/, 'delete'),
    rest,
  };
}

/** The word after `name`. */
export const after = (words: readonly string[], name: string): string | null => {
  const at = words.indexOf(name);
  return at < 0 ? null : (words[at + 1] ?? null);
};

/** The words of `ip link add` about the new interface itself; those behind `type` are about its kind, or its peer. */
export const ownWords = (rest: readonly string[]): readonly string[] => {
  const at = rest.indexOf('type');
  return at < 0 ? rest : rest.slice(0, at);
};
