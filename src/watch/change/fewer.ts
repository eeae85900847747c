/** Many differences of one sort as one: a chain that was flushed is one change, and not fifty. */
import { count } from '../../words/text.ts';
import type { Difference } from './state.ts';

/** So many rules are still told one by one. */
const FEW = 3;
/** Forwarding is set for all interfaces at once by this one: ip-sysctl.rst. */
const FORWARDING = 'net.ipv4.ip_forward';
const SETTING = /^net\.(ipv[46])\.conf\..+\.(\w+)$/;

export function fewer(differences: readonly Difference[]): Difference[] {
  const groups = new Map<string, Difference[]>();
  for (const one of differences) {
    const key = sortOf(one) ?? `alone ${groups.size}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    if (group[0]!.kind === 'setting') return [broadest(group)];
    return group.length > FEW ? [together(group)] : group;
  });
}

/** What goes together; undefined for what stands alone. */
function sortOf({ kind, what, before, after }: Difference): string | undefined {
  if (kind === 'setting') {
    const [, family, name] = what === FORWARDING ? ['', 'ipv4', 'forwarding'] : (SETTING.exec(what) ?? []);
    return name && `${family} ${name} ${before} ${after}`;
  }
  if (kind !== 'firewall' || (before !== null && after !== null)) return undefined;
  return `${before === null ? 'new' : 'gone'} ${what}`;
}

function together(group: readonly Difference[]): Difference {
  const [first] = group as [Difference];
  const told = `${group.length} rules, the first ${first.before ?? first.after}`;
  return { ...first, before: first.before && told, after: first.after && told };
}

/** The one that sets the others too, where it is among them. */
function broadest(group: readonly Difference[]): Difference {
  const all = group.find(({ what }) => what === FORWARDING || /\.conf\.all\./.test(what));
  if (all) return all;
  const [first] = group as [Difference];
  return group.length === 1
    ? first
    : { ...first, what: `${first.what} and ${count(group.length - 1, 'interface')} more`, device: null };
}
