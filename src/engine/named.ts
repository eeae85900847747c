/** A name's addresses as the one who asks would get them, and where to look when there are none. */
import { beginLookUp } from '../discover/name/look-up.ts';
import { familyOf, parseStart } from '../model/ends.ts';
import { cannotLook, type Failure } from '../model/failure.ts';
import type { Family, Flow } from '../model/flow.ts';
import type { LookUp, NameQuestion, NamesFile } from '../model/look-up.ts';
import type { Question } from '../model/question.ts';
import { byCompany, byEdns } from '../resolver/shapes.ts';
import {
  askedByTcpAlone,
  costlyServers,
  cutAnswer,
  isDenied,
  ledAway,
  passedOver,
  refusal,
} from '../resolver/story.ts';
import { plain } from '../words/text.ts';
import type { Asked } from './addresses.ts';
import { DNS_PORT } from './default-end.ts';

/** Longer than a server may take that has to ask others. Milliseconds. */
const PATIENCE = 1500;

/** The name has no address for the programs of the one who asks. */
export class Unresolved extends Error {
  readonly story: LookUp;
  constructor(story: LookUp) {
    super(`${story.name} has no address`);
    this.story = story;
  }
}

export interface Named {
  readonly addresses: readonly string[];
  /** What is slower than the addresses comes beside the flow. */
  readonly story: Promise<LookUp>;
}

/** @throws Unresolved */
export async function addressesOfName(asked: Asked, name: string): Promise<Named> {
  const { addresses, story } = begin(asked, { name });
  const found = await addresses;
  if (found.length > 0) return { addresses: found, story };
  const told = await story;
  // Its own library has none, and nobody is to blame but that library's files: the way is there for others.
  const others = isDenied(told) ? (told.others ?? []).flatMap((one) => one.addresses) : [];
  if (others.length === 0) throw new Unresolved(told);
  return { addresses: others, story };
}

/** What a flow to a name server asks, as a story: of that server alone where one was named. */
export function storyOfServer(
  asked: Asked,
  end: { readonly address: string; readonly port: number | null },
): Promise<LookUp> {
  const { question } = asked;
  const named = question.to === undefined ? undefined : { address: end.address, port: end.port ?? DNS_PORT };
  const sample = question.name === undefined;
  const name = question.name ?? SAMPLE;
  return begin(asked, { name: sample ? `${name}.` : name, sample, server: named }).story;
}

/** A name that everybody may ask for: RFC 2606. */
export const SAMPLE = 'example.com';

function begin(
  { machine, question, target, stacks, signal }: Asked,
  of: { name: string; sample?: boolean; server?: { address: string; port: number } | undefined },
) {
  const from = parseStart(question.from).kind === 'container' ? ('container' as const) : ('host' as const);
  const families: readonly Family[] = question.family && !of.server ? [question.family] : [4, 6];
  const begun = beginLookUp({
    machine,
    target,
    from,
    stack: stacks[from],
    families,
    patience: PATIENCE,
    signal,
    ...of,
  });
  // Whoever waits for it is told; nobody may.
  begun.story.catch(() => {});
  return begun;
}

/** The flows that show what is wrong with the servers, the first in resolv.conf first; none where they are all well. */
export function flowsToServers(
  story: LookUp,
  { name, to }: Pick<Question, 'name' | 'to'>,
  insteadOf?: string,
): Flow[] {
  const flows: Flow[] = [];
  const asked = name ?? to ?? story.name;
  const failed = story.outcomes.every(({ error }) => error !== null);
  const costly = costlyServers(story);
  for (const server of story.servers) {
    const cut = cutAnswer(story, server) ?? askedByTcpAlone(story, server);
    const said = failed ? (refusal(story, server) ?? passedOverAt(story, server)) : undefined;
    if (cut) flows.push(serverFlow(story.from, server, 'tcp', cut.name, insteadOf));
    else if (said) flows.push(serverFlow(story.from, server, 'dns', said.name, insteadOf));
    else if (costly.includes(server) || byEdns(story, server) || byCompany(story, server))
      flows.push(
        serverFlow(story.from, server, 'dns', story.outcomes[0]?.questions[0]?.name ?? asked, insteadOf),
      );
  }
  return flows;
}

function passedOverAt(story: LookUp, server: string): NameQuestion | undefined {
  const denied = passedOver(story)?.denied;
  return denied?.server === server ? denied : undefined;
}

function serverFlow(
  from: LookUp['from'],
  server: string,
  proto: 'dns' | 'tcp',
  question: string,
  insteadOf: string | undefined,
): Flow {
  const address = server.replace(/%.*/, '');
  return {
    from,
    to: server,
    address,
    proto,
    port: DNS_PORT,
    family: familyOf(address),
    ...(proto === 'dns' ? { question } : {}),
    ...(insteadOf === undefined ? {} : { insteadOf }),
  };
}

/** Where to look when nothing resolves. @throws Failure where the servers agree that there is no such name. */
export function flowInstead({ story }: Unresolved, question: Question): Flow {
  if (isDenied(story)) throw unknownName(story);
  const insteadOf = question.to ?? story.name;
  const [first] = flowsToServers(story, question, insteadOf);
  if (first) return first;
  const name = story.outcomes[0]?.questions[0]?.name ?? story.name;
  return serverFlow(story.from, story.servers[0]!, 'dns', name, insteadOf);
}

/** A name of a hosts file that the programs cannot read is no name to them. */
const unreadable = ({ file, denied }: NamesFile): string =>
  denied === undefined ? '' : ` ${file} is not read: ${denied}.`;

/** Who answered was another than the one that was asked. */
function inItsPlace(story: LookUp): string {
  const by = ledAway(story);
  return by
    ? ` It is ${plain(by.server)} that says so: a rule of this host leads there what is asked of ${by.led.from}.`
    : '';
}

/** A server that says what the name stands for, and leaves out its address: no library asks further. RFC 1034 3.6.2 */
function emptyAlias({ asked }: LookUp): string {
  const alias = asked.flatMap(({ reply }) =>
    reply.kind === 'answer' && reply.addresses.length === 0 && reply.alias !== undefined ? [reply.alias] : [],
  )[0];
  return alias === undefined
    ? ''
    : ` The answer says that it is an alias (CNAME) of ${plain(alias)}, and leaves out the address of that: no program asks for it by itself.`;
}

function unknownName(story: LookUp): Failure {
  const { name, servers, outcomes, files } = story;
  const tried = [...new Set(outcomes.flatMap(({ questions }) => questions.map((one) => one.name)))];
  const others = tried.filter((one) => one !== name.replace(/\.$/, ''));
  const also = others.length > 0 ? `, nor for ${others.join(', ')}` : '';
  return cannotLook(
    'no-such-name',
    `${servers.join(', ')} ${servers.length > 1 ? 'know' : 'knows'} no address for ${name}${also}.${emptyAlias(story)}${inItsPlace(story)}${files.map(unreadable).join('')}`,
    /^host\.(docker|containers)\.internal$/.test(name)
      ? 'Ask about the host itself (--to host), or give the container that name: --add-host host.docker.internal:host-gateway'
      : 'Check the name, or name an address.',
  );
}
