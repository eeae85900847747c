import type { RuleHit } from '../../model/facts.ts';
import { ends } from '../../model/rules.ts';
import { ruleName } from '../../model/telling.ts';
import { plain } from '../../model/words.ts';
import { type Line, row, span } from '../../output/line/span.ts';
import { paragraph } from '../../output/line/wrap.ts';
import { command, say } from '../command.ts';
import { withCase } from '../the-case.ts';

function lines({ rule, verdict, direction, side }: RuleHit, columns: number): Line[] {
  const owner = rule.owner === null ? '' : `, of ${plain(rule.owner)}`;
  const where = side === 'host' ? '' : ` in the ${side}`;
  const lead = `  ${plain(verdict)}  `;
  const head = paragraph(
    lead,
    `${direction}: ${plain(ruleName(rule))}${where} (${rule.engine}${owner})`,
    columns,
  );
  const [, ...rest] = head[0]!;
  return [
    [span(lead, ends(verdict) ? 'bad' : 'good'), ...rest],
    ...head.slice(1),
    ...paragraph('      ', plain(rule.text), columns, 'dim'),
  ];
}

const sameRule = (a: RuleHit, b: RuleHit): boolean =>
  a.direction === b.direction &&
  a.side === b.side &&
  a.rule.text === b.rule.text &&
  ruleName(a.rule) === ruleName(b.rule);

/** Each rule once a direction, however many probes met it; and not that the chain went on to its policy. */
const once = (hits: readonly RuleHit[]): RuleHit[] =>
  hits.filter((hit, index) => {
    const same = hits.filter((other) => sameRule(hit, other));
    if (hit.verdict === 'continue' && same.some(({ verdict }) => verdict !== 'continue')) return false;
    return hits.findIndex((other) => other.verdict === hit.verdict && sameRule(hit, other)) === index;
  });

export default command({
  name: 'rules',
  usage: '',
  group: 'case',
  does: 'shows the firewall rules the probe met, and whose they are',
  slots: () => [],
  run: (_, desk) =>
    withCase(desk, ({ run }) => {
      const blind = run.absent.filter((why) => why.startsWith('rule:'));
      const met = once(run.hits).flatMap((hit) => lines(hit, desk.columns));
      if (met.length > 0) return say(met);
      return say([
        row('No rule was seen to meet the probe.', 'dim'),
        ...blind.flatMap((why) => paragraph('  ', plain(why), desk.columns, 'warn')),
      ]);
    }),
});
