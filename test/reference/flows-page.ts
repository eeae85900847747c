/** docs/flows.md: every flow on every kind of network, with the scenarios that prove it, and what stays hidden. */
import { hopKinds } from '../../src/discover/path/describe.ts';
import type { Link, Stack } from '../../src/model/stack.ts';
import { type Sort, sortOf } from '../exam/kind-of-flow.ts';
import { readScenarios, type Scenario } from '../lab/scenario-file.ts';
import { folded, joined, NOTE, table } from './markdown.ts';
import { subjects } from './subjects.ts';

export interface FlowRow extends Sort {
  readonly healthy: readonly string[];
  /** Names of the scenarios with a fault, and the cause each must be given. */
  readonly faults: readonly { readonly name: string; readonly expect: string }[];
}

/** One row for each flow, kind of network, family and runtime that a scenario is about. */
export function flowRows(scenarios: readonly Scenario[] = readScenarios()): FlowRow[] {
  const rows = new Map<string, { sort: Sort; healthy: string[]; faults: FlowRow['faults'][number][] }>();
  // What is kept for later proves nothing yet.
  for (const scenario of scenarios.filter(({ later }) => later === undefined)) {
    const sort = sortOf(scenario);
    const key = Object.values(sort).join('|');
    const row = rows.get(key) ?? { sort, healthy: [], faults: [] };
    rows.set(key, row);
    if (scenario.expect === 'healthy') row.healthy.push(scenario.file);
    else row.faults.push({ name: scenario.file, expect: scenario.expect });
  }
  return [...rows.entries()]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([, { sort, healthy, faults }]) => ({ ...sort, healthy, faults }));
}

export function flowsPage(): string {
  const rows = flowRows();
  const all = rows.flatMap(({ healthy, faults }) => [...healthy, ...faults]);
  const flows = [...new Set(rows.map(({ flow }) => flow))];
  return joined([
    '# Flows',
    NOTE,
    `Who asks whom, on what kind of network, and the scenarios of \`test/scenarios\` in which netdoctor must be right: ${all.length} scenarios of ${flows.length} flows. \`npm run exam -- NAME\` plays one; \`npm run exam -- --write\` plays all and keeps the results. Runtime \`namespace\` is a bare network namespace; Docker and podman are real engines.`,
    '## In short',
    table(
      ['flow', 'healthy', 'with a fault', 'causes', 'kinds of network'],
      flows.map((flow) => {
        const own = rows.filter((row) => row.flow === flow);
        const faults = own.flatMap((row) => row.faults);
        return [
          flow,
          `${own.flatMap((row) => row.healthy).length}`,
          `${faults.length}`,
          `${new Set(faults.map(({ expect }) => expect)).size}`,
          `${new Set(own.map(({ network }) => network)).size}`,
        ];
      }),
    ),
    '## What a program meets',
    'Of these scenarios, those that are about more than whether a packet passes: names, data, and what the program itself does.',
    table(
      ['subject', 'healthy', 'with a fault'],
      subjects().map(({ name, healthy, others }) => [name, `${healthy.length}`, `${others.length}`]),
    ),
    ...folded(
      'which they are',
      subjects()
        .map(
          ({ name, healthy, others }) =>
            `- **${name}**: ${[...healthy, ...others].map((one) => `\`${one}\``).join(', ')}`,
        )
        .join('\n'),
    ),
    ...flows.flatMap((flow) =>
      flowPart(
        flow,
        rows.filter((row) => row.flow === flow),
      ),
    ),
    '## What a kind of link keeps from view',
    'Where packets are last seen on one of these, the verdict says so under *unknown*. Where this machine’s kernel cannot make such a link, guests of other kernels play its scenarios (`npm run exam:kernels`): [exam-links.md](exam-links.md).',
    table(
      ['link', 'not to be seen', 'because'],
      hiding().map(({ kind, what, because }) => [kind, what, because]),
    ),
  ]);
}

function flowPart(flow: string, rows: readonly FlowRow[]): string[] {
  const played = rows.flatMap(({ healthy, faults }) => [...healthy, ...faults]).length;
  return [
    `## ${flow}`,
    table(
      ['network', 'family', 'runtime', 'healthy', 'with a fault'],
      rows.map(({ network, family, runtime, healthy, faults }) => [
        network,
        family,
        runtime,
        count(healthy),
        count(faults),
      ]),
    ),
    ...folded(`${played} scenarios, by what must be named`, scenarioList(rows)),
  ];
}

const count = ({ length }: readonly unknown[]): string => (length === 0 ? '–' : `${length}`);

/** A line for healthy, and one for each cause, with the names of its scenarios. */
function scenarioList(rows: readonly FlowRow[]): string {
  const faults = rows.flatMap((row) => row.faults);
  const verdicts: [string, readonly string[]][] = [
    ['healthy', rows.flatMap(({ healthy }) => healthy)],
    ...[...new Set(faults.map(({ expect }) => expect))]
      .toSorted()
      .map((cause): [string, string[]] => [
        cause,
        faults.filter(({ expect }) => expect === cause).map(({ name }) => name),
      ]),
  ];
  return verdicts
    .filter(([, names]) => names.length > 0)
    .map(([verdict, names]) => `- **${verdict}**: ${names.map((name) => `\`${name}\``).join(', ')}`)
    .join('\n');
}

/** A link of each kind that hides something, under a name that says what it is. */
function hiding(): { kind: string; what: string; because: string }[] {
  return hopKinds.flatMap(({ kind, hides }) => {
    const link = { name: 'IFACE', kind, linkName: 'PARENT', addresses: [], data: { id: 'N' } };
    const told = hides?.(link as unknown as Link, { links: [] } as unknown as Stack);
    return told ? [{ kind, ...told }] : [];
  });
}
