/** The commands that fixes and recipes are made of; what else stands in a journal was not written by netdoctor. */
import { refusalOfArguments } from '../../words/arguments.ts';

type Args = readonly string[];

const any = (): boolean => true;
/** ip(8) runs programs by `ip netns exec` and `ip vrf exec`, and reads commands from a file by `-batch`. */
const noOther = (args: Args): boolean =>
  !args.some((word) => /^(exec|-b(a(t(c(h)?)?)?)?|--batch)$/.test(word));
const connects = (args: Args): boolean =>
  args.includes('network') && args.some((word) => /^(dis)?connect$/.test(word)) && !args.includes('exec');

/** Each program, and whether these arguments are some that a fix or a recipe gives it. */
const PROGRAMS: Readonly<Record<string, (args: Args) => boolean>> = {
  ip: noOther,
  bridge: noOther,
  tc: noOther,
  nft: any,
  sysctl: any,
  ethtool: any,
  conntrack: any,
  modprobe: (args) => args.every((word) => /^(-r|[\w-]+)$/.test(word)),
  bpftool: any,
  rm: (args) => args.every((word) => /^(-f|\/sys\/fs\/bpf\/netdoctor-[\w-]+)$/.test(word)),
  docker: connects,
  podman: connects,
};

const XTABLES = /^(ip6?|eb|arp)tables(-legacy|-nft)?$/;

/** Why undo does not run this; null where it does. */
export function refusalOfCommand(argv: readonly string[]): string | null {
  const [program = '', ...args] = argv;
  if (program === 'nsenter' && /^--net=\//.test(args[0] ?? '')) return refusalOfCommand(args.slice(1));
  const takes = XTABLES.test(program)
    ? any
    : Object.hasOwn(PROGRAMS, program)
      ? PROGRAMS[program]
      : undefined;
  if (!takes) return 'it runs a program that no fix runs';
  if (!takes(args)) return `it runs ${program} as no fix does`;
  const because = refusalOfArguments(argv);
  return because === null ? null : `it runs ${program} as no fix does: ${because}`;
}
