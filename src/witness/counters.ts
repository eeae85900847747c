/** The rule witness for rules that no trace shows: what counted the probe, and nothing else, is what met it. */

import type { Counted } from '../discover/rules/counted.ts';
import { counterDifference } from '../discover/rules/counter-difference.ts';
import { listLegacy, listRules } from '../discover/rules/list-rules.ts';
import type { Machine } from '../host/machine.ts';
import { type Answer, known } from '../model/answer.ts';
import type { RuleHit } from '../model/facts.ts';
import type { Direction } from '../model/sighting.ts';
import type { ProbeKind, ProbeRun } from '../probe/kind.ts';
import { SYN } from '../probe/syn.ts';
import type { Scope } from './rule.ts';

export interface CounterWitness {
  /** Rules that counted probes since the arming; `direction` is the one in which they are lost. */
  hits(direction: Direction): Promise<Answer<readonly RuleHit[]>>;
}

/** A SYN is sent again after one second and after three: tcp(7), RFC 6298. */
const SENT = 3;

/**
 * Lists the counters before the probe. Legacy iptables never shows in a trace; without a trace (`all`) every engine is
 * read this way. Nothing to list costs one read of /proc.
 */
export async function armCounters(
  machine: Machine,
  scopes: readonly Scope[],
  which: 'legacy' | 'all',
  run: ProbeRun,
  kind: ProbeKind,
): Promise<CounterWitness> {
  const list = which === 'all' ? listRules : listLegacy;
  const read = (scope: Scope): Promise<Answer<readonly Counted[]>> => list(machine, scope.netns);
  const before = await Promise.all(scopes.map(read));
  const lengths = kind.lengths(run.flow)
    ? run.lengths
    : Array<number>(run.lengths.length * SENT).fill(SYN[run.flow.family]);
  return {
    async hits(direction) {
      const hits: RuleHit[] = [];
      for (const [index, scope] of scopes.entries()) {
        const earlier = before[index]!;
        if (!earlier.known) return earlier;
        if (earlier.value.length === 0) continue;
        const later = await read(scope);
        if (!later.known) return later;
        for (const { rule } of counterDifference(earlier.value, later.value, lengths)) {
          const verdict = rule.number === null ? `policy ${rule.verdict}` : rule.verdict;
          hits.push({ side: scope.side, rule, verdict, direction, probe: 0, at: 0, by: 'counters' });
        }
      }
      return known(hits, ['iptables-save', '-c']);
    },
  };
}
