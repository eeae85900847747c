/** What replay says of a file as a whole. */
import { type Conversations, troublesOf } from '../capture/conversations.ts';
import type { Reading } from '../capture/read.ts';
import { jsonText } from '../output/json.ts';
import { count, list, plain } from '../words/text.ts';

/** Conversations in trouble that are told; more are the same again. */
const MOST = 20;

/** `lines`: what is said of packets, and by packets, is wanted too. */
export function endOfReading(reading: Reading, conversations: Conversations, lines: boolean): string {
  const { packets, spots, application, incomplete, unread, lost, remarks, incidents } = reading;
  const by = application === null ? '' : `, written by ${plain(application)}`;
  const at = spots.length > 0 ? ` at ${list(spots.map(({ label }) => plain(label)))}` : '';
  const unseen = [...unread].map(
    ([link, n]) => `${count(n, 'frame')} of link type ${link} not shown: it is not read`,
  );
  const losses = [...lost].map(
    ([spot, n]) => `${n} lost by the kernel at ${plain(spots[spot]?.label ?? '')}`,
  );
  return [
    `${count(packets, 'frame')}${at}${by}`,
    ...unseen,
    ...losses,
    ...(lines ? [...remarks].map(([remark, n]) => `${n > 1 ? `${n} times: ` : ''}${plain(remark)}`) : []),
    ...(incidents.length > 0
      ? [`the state of the host at ${count(incidents.length, 'moment')} is inside: --state shows it`]
      : []),
    ...(incomplete === null ? [] : [`The file is incomplete: ${incomplete}.`]),
    ...(lines ? troubles(conversations, reading) : []),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** Each a document; what is none is a damaged file's. */
export function incidentTexts({ incidents }: Reading): string[] {
  return incidents.flatMap((text) => {
    try {
      return [jsonText(JSON.parse(text))];
    } catch {
      return [];
    }
  });
}

function troubles(conversations: Conversations, { spots }: Reading): string[] {
  const all = [...conversations.all()].flatMap((one) => {
    const said = troublesOf(one, conversations.latest);
    if (said.length === 0) return [];
    const far = spots.length > 1 ? ` (seen last at ${plain(spots[one.farthest]?.label ?? '')})` : '';
    return [`${one.protocol} ${one.parties[0].end} > ${one.parties[1].end}: ${said.join('; ')}${far}`];
  });
  return [
    ...all.slice(0, MOST),
    ...(all.length > MOST ? [`and ${count(all.length - MOST, 'conversation')} more like these`] : []),
    ...(conversations.uncounted > 0
      ? [`${count(conversations.uncounted, 'packet')} of more conversations than are followed`]
      : []),
  ];
}
