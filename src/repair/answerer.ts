/** Who gave the answer, and over which translation: a repair must bring back what was meant, not another answer. */
import { unquoted } from '../kernel/rule-words.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import { leadsOut } from '../model/path.ts';

/** A rule that rewrites the destination, or hands the packet to a program of this host. iptables and nft words. */
const TRANSLATES = /-j (DNAT|REDIRECT|TPROXY)\b|\b(dnat|redirect|tproxy)\b/;
/** Of those, the ones whose packets end on this host. */
const KEEPS = /-j (REDIRECT|TPROXY)\b|\b(redirect|tproxy)\b/;

/** Rules that translated requests of the probe on this host. */
const translations = (diagnosis: Diagnosis): string[] =>
  diagnosis.evidence.flatMap(({ witness, rule, says }) =>
    witness === 'rule' && rule && says.startsWith('request ') && TRANSLATES.test(unquoted(rule.text))
      ? [unquoted(rule.text)]
      : [],
  );

/** Whom requests were for on the last hop that saw them: behind whatever NAT had made of them by then. */
function seenLast({ path, evidence }: Diagnosis): { where: string; destinations: string[] } | null {
  const hop = path.findLast(({ request }) => (request ?? 0) > 0);
  const destinations = evidence.flatMap(({ witness, at, says }) => {
    const to =
      at === hop?.id && witness === 'capture' ? /^\d+ requests?, \S+ → (\S+)$/.exec(says)?.[1] : undefined;
    return to === undefined ? [] : [to];
  });
  return hop && destinations.length > 0 ? { where: hop.where, destinations } : null;
}

/**
 * Did the answered requests go to the very address that was asked for? A packet from outside may belong to a connection
 * whose NAT was decided before: it meets no NAT rule again, and only what is seen behind the host tells.
 */
function untranslated(after: Diagnosis): boolean {
  const last = seenLast(after);
  if (after.flow.from === 'outside' && (last === null || last.where === 'host')) return false;
  return last?.destinations.every((one) => one === after.flow.address) ?? true;
}

/** Did requests leave the host? Where they were only foretold to, nobody says. */
const wentOut = ({ path }: Diagnosis): boolean => path.some((hop) => leadsOut(hop) && (hop.request ?? 0) > 0);

/**
 * Were requests that should leave the host kept on it, as all that leads out saw? An answer without a fault tells of no
 * rules, and a program that takes packets on their way leaves their addresses as they are.
 */
function stayed({ path }: Diagnosis): boolean {
  const exits = path.filter(leadsOut);
  return exits.length > 0 && exits.every(({ captured, request }) => captured && (request ?? 0) === 0);
}

/**
 * What made the answer another than was meant, in words; null where it is the same, or nothing tells of another. A fix
 * that means to lead elsewhere says so itself (`Fix.leads`).
 */
export function otherAnswerer(before: Diagnosis, after: Diagnosis): string | null {
  const was = translations(before);
  const is = translations(after);
  const [lost] = was.filter((rule) => !is.includes(rule) && !(KEEPS.test(rule) && stayed(after)));
  if (lost && is.length === 0 && untranslated(after))
    return `the answer comes from ${after.flow.address} itself, without the rule that led it elsewhere: ${lost}`;
  const kept = was.find((rule) => KEEPS.test(rule));
  if (kept && wentOut(after))
    return `the answer comes from beyond this host, past the program that was to take it: ${kept}`;
  return null;
}
