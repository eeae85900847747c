/**
 * The container's packet and the host's own to the same end, side by side as they leave: where one is answered and the
 * other is not, something they differ in decides, and a try with one of them changed tells which.
 */
import type { Header, Syn } from '../model/header.ts';
import type { Contrast, Control } from '../model/scene.ts';
import { list } from '../words/text.ts';
import { hex } from './marks.ts';

/** One packet as it left. `mark`: 0 for none; null where nobody saw it. */
export interface Leaving {
  readonly source: string;
  readonly sourcePort: number | null;
  readonly mark: number | null;
  readonly header: Header;
}

/** Ports are drawn anew for each connection: they tell something only where NAT has chosen one. */
export function contrasts(lost: Leaving, own: Leaving, portByNat: boolean): Contrast[] {
  const differing = (trait: Contrast['trait'], value: (of: Leaving) => string | null): Contrast[] => {
    const [theirs, ours] = [value(lost), value(own)];
    return theirs === null || ours === null || theirs === ours
      ? []
      : [{ trait, lost: theirs, answered: ours }];
  };
  return [
    ...differing('source', ({ source }) => source),
    ...(portByNat ? differing('source-port', ({ sourcePort }) => text(sourcePort)) : []),
    ...differing('ttl', ({ header }) => text(header.ttl)),
    ...differing('dscp', ({ header }) => text(header.dscp)),
    ...differing('mark', ({ mark }) => (mark === null ? null : hex(mark))),
    ...differing('ecn', ({ header }) => ecnWords(header)),
    ...kinds(lost.header.syn, own.header.syn).flatMap((kind) =>
      differing('tcp-option', ({ header }) => header.syn && optionWords(kind, header.syn.options[kind])),
    ),
  ];
}

const text = (value: number | null): string | null => (value === null ? null : `${value}`);

/** Of a TCP connection what its SYN asks for, of every packet what its IP header says. */
function ecnWords({ ecn, syn }: Header): string {
  const flags = ['ECE', 'CWR', 'AE'].filter((_, bit) => syn && syn.ecn & (1 << bit));
  const asked = flags.length === 0 ? null : `flags ${list(flags)}`;
  const field = ecn === 0 ? null : `field ${ecn}`;
  return [asked, field].filter((one) => one !== null).join(', ') || 'none';
}

const OPTIONS: Readonly<Record<number, string>> = {
  2: 'MSS',
  3: 'window scale',
  4: 'SACK',
  8: 'timestamps',
  19: 'MD5 signature',
  28: 'user timeout',
  29: 'authentication',
  30: 'Multipath TCP',
  34: 'fast open',
};
/** Options whose bytes say a number; of the others it matters only that they are there. */
const NUMBERS = new Set([2, 3]);

/** `MSS 1460`, `timestamps`, `no timestamps`. IANA, TCP option kind numbers. */
export function optionWords(kind: number, hex: string | undefined): string {
  const name = OPTIONS[kind] ?? `TCP option ${kind}`;
  if (hex === undefined) return `no ${name}`;
  return NUMBERS.has(kind) ? `${name} ${Number.parseInt(hex, 16)}` : name;
}

/** Kinds of the options of which the two say something else. */
export const kinds = (one: Syn | null, other: Syn | null): readonly number[] =>
  [...new Set([...Object.keys(one?.options ?? {}), ...Object.keys(other?.options ?? {})])]
    .map(Number)
    .toSorted((a, b) => a - b)
    .filter((kind) => {
      const [a, b] = [one?.options[kind], other?.options[kind]];
      return NUMBERS.has(kind) ? a !== b : (a === undefined) !== (b === undefined);
    });

export const CONTRASTS: Readonly<Record<Contrast['trait'], string>> = {
  source: 'source address',
  'source-port': 'source port',
  ttl: 'time to live',
  dscp: 'DSCP',
  mark: 'mark',
  ecn: 'ECN',
  'tcp-option': 'TCP option',
};

/** `time to live 63 (the host's own: 64)`. */
export const contrastWords = ({ trait, lost, answered }: Contrast): string =>
  `${CONTRASTS[trait]} ${lost} (the host's own: ${answered})`;

/**
 * The one trait that decides: with it alone the host's own probe is never answered, and with any other it is. Undefined
 * where none does, or more than one.
 */
export function decisive(control: Control | null): Contrast | undefined {
  if (!control?.answered || !control.contrasts) return undefined;
  const silent = control.contrasts.filter(({ trait, lost }) => {
    const mine =
      control.tries?.filter(
        (one) => one.trait === trait && (trait === 'source-port' || one.value === lost),
      ) ?? [];
    return mine.length > 0 && mine.every(({ answered }) => !answered);
  });
  return silent.length === 1 ? silent[0] : undefined;
}
