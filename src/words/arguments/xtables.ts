/** What iptables, ip6tables, ebtables and arptables would make of an argument list (getopt_long(3), xtables.c). */

/** `--modprobe=FILE`, its abbreviations and `-M`, also behind other letters: the program FILE is run as root. */
const MODPROBE = /^(--mo(d(p\w*)?)?(=|$)|-[^-]*M)/;

/** A listing breaks at them, and reads as another one. */
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Why the tool must not be given these words; null where none of them runs a program or breaks its listing. */
export function xtablesRefusal(args: readonly string[]): string | null {
  if (args.some((word) => MODPROBE.test(word))) return 'a word of it names a program to be run';
  return args.some((word) => CONTROL.test(word)) ? 'a word of it holds a control character' : null;
}
