/** A diagnosis as one would attach it to a ticket: the question, the path, the verdict, the evidence, versions. */
import type { Finding } from '../model/cause.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import { goesOnToPolicy } from '../model/evidence.ts';
import { destination } from '../model/flow.ts';
import { commandLine } from '../model/netns.ts';
import { plain, shellLine } from '../words/text.ts';
import { unicode } from './glyphs.ts';
import { textOf } from './line/span.ts';
import { changeLines } from './picture/change.ts';
import { pathLines } from './picture/path.ts';
import { runOfDocument } from './text.ts';
import { sentence } from './words.ts';

/** Wide enough that nothing of the path gives way. */
const COLUMNS = 160;

const fenced = (lines: readonly string[], language = ''): string[] => [`\`\`\`${language}`, ...lines, '```'];

/** Text from a machine, as text: Markdown and HTML in a name or a rule must stay letters. */
const prose = (text: string): string => plain(text).replace(/[\\`*_{}[\]<>#|&]/g, (mark) => `\\${mark}`);

function heading({ target, flow }: Diagnosis): string {
  const far = destination(flow);
  const name = flow.from === 'container' ? target.name : flow.from;
  return `# ${prose(name)} → ${prose(far)}, ${flow.proto}`;
}

function finding({ what, why, do: todo, owner, fixes }: Finding): string[] {
  return [
    `**${prose(sentence(what))}** ${prose(why)} ${prose(todo)}`,
    ...(owner === null ? [] : ['', `It belongs to ${prose(owner)}.`]),
    ...fixes.flatMap((fix) => [
      '',
      `Fix ${fix.id}: ${prose(fix.title)} (${fix.risk}, ${prose(fix.lasts)}).`,
      '',
      ...fenced(fix.apply.flatMap(changeLines), 'sh'),
    ]),
    '',
  ];
}

function evidence({ evidence: all }: Diagnosis): string[] {
  const seen = all.filter((one) => !goesOnToPolicy(one, all));
  if (seen.length === 0) return [];
  const items = seen.map(({ witness, at, says, agrees, source }) => {
    const against = agrees === false ? ' (speaks against the verdict)' : '';
    const again = source.length > 0 ? `\n  \`${shellLine(source).replaceAll('`', "'")}\`` : '';
    return `- ${witness}${at === null ? '' : ` at ${prose(at)}`}: ${prose(says)}${against}${again}`;
  });
  return ['## Seen', '', ...items, ''];
}

/** `versions` are listed at the end. */
export function markdownOf(diagnosis: Diagnosis, versions: readonly string[]): string {
  const path = pathLines(runOfDocument(diagnosis), COLUMNS, unicode).map((line) => textOf(line).trimEnd());
  const { findings, unknown, milliseconds, target } = diagnosis;
  return [
    heading(diagnosis),
    '',
    `**${prose(diagnosis.summary)}**`,
    '',
    ...(path.length > 0 ? [...fenced(path, 'text'), ''] : []),
    ...(findings.length > 0 ? ['## Found', '', ...findings.flatMap(finding)] : []),
    ...evidence(diagnosis),
    ...(unknown.length > 0
      ? [
          '## Not looked at',
          '',
          ...unknown.map(({ what, because }) => `- ${prose(what)}: ${prose(because)}`),
          '',
        ]
      : []),
    '## Versions',
    '',
    ...versions.map((version) => `- ${prose(version)}`),
    `- ${prose(target.runtime)} ${prose(target.name)}, ${milliseconds.total} ms`,
    '',
    'To ask again:',
    '',
    ...fenced([askAgain(diagnosis)], 'sh'),
    '',
  ].join('\n');
}

/** The call that asks the same question. */
function askAgain({ target, flow }: Diagnosis): string {
  const argv: [string, ...string[]] = [
    'netdoctor',
    'diagnose',
    `${target.runtime}:${target.name}`,
    '--to',
    flow.to,
  ];
  const from = flow.from === 'container' ? [] : ['--from', flow.from];
  return shellLine(commandLine({ argv: [...argv, ...from, '--proto', flow.proto] }));
}
