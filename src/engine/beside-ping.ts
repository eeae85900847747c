/** Where nobody says what to ask, a handshake is tried beside the ping: programs seldom ping. */
import type { Machine } from '../host/machine.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import { destination, type Flow } from '../model/flow.ts';
import type { Netns } from '../model/netns.ts';
import type { Question } from '../model/question.ts';
import type { Control } from '../model/scene.ts';
import { fromStateIn } from '../words/telling.ts';
import type { Aside, Look } from './aside.ts';
import { askOnce } from './ask-once.ts';
import { asksNothing } from './begins-now.ts';
import type { Diagnosed } from './diagnose-flow.ts';

/** What most programs of a container ask of the internet: HTTPS. */
const PORT = 443;
/** Does it lie at the far end, or with somebody on the way to it? A refusal from there does for everybody. */
const isBeyond = ({ diagnosis: { cause }, control }: Diagnosed): boolean =>
  cause === 'connection-refused' ||
  ((cause === null || cause === 'no-reply-from-destination') && control?.answered !== true);

/** Begins the handshake; what it comes to is asked with the verdicts on the ping. Undefined where none is tried. */
export function besidePing(
  machine: Machine,
  question: Question,
  flows: readonly Flow[],
  netns: Netns | null,
):
  | ((verdicts: readonly Diagnosis[], control: Control | null, look: Look) => Promise<Aside | null>)
  | undefined {
  const [ping] = flows;
  if (!asksNothing(question) || ping?.proto !== 'icmp') return undefined;
  const flow: Flow = { ...ping, to: `${ping.to}:${PORT}`, proto: 'tcp', port: PORT };
  const named = { ...flow, to: ping.to.includes(':') ? `[${ping.to}]:${PORT}` : flow.to };
  const asked = askOnce(machine, named, netns, question.wait * 1000);
  return async (verdicts, control, look) => {
    const main = verdicts.find((one) => one.flow.proto === 'icmp' && one.flow.address === ping.address);
    if (!main) return {};
    const outcome = await asked;
    const stands = outcome?.result === 'answered';
    const far = destination(named);
    const source = ['nc', '-zv', named.address, String(PORT)] as const;
    const says = (words: string) => fromStateIn(netns, words, [...source]);
    // Whom nobody's ping reaches may be well all the same; only an answered handshake tells.
    const silentToAll = main.cause === 'no-reply-from-destination' && control?.answered === false;
    if (stands && !silentToAll) return { says: says(`a handshake with ${far} is answered`) };
    if (!stands && main.status !== 'healthy')
      return { says: says(`a handshake with ${far} is not answered either`) };
    if (outcome?.result === 'refused' && (await refusesHost(machine, named, question))) {
      const because = `ping does, and a handshake is refused there, this host's own too`;
      return { note: { what: `whether programs get through to ${far}`, because } };
    }
    const closely = await look(named, [named.address]);
    if (!closely) return null;
    const { diagnosis } = closely;
    if (stands) {
      if (diagnosis.status !== 'healthy') return { says: says(`a handshake with ${far} is answered`) };
      const because = 'no answer came, and none to this host either, while a handshake gets through';
      return { diagnosis, replaces: true, note: { what: `ping to ${ping.address}`, because } };
    }
    if (diagnosis.status === 'fault' && !isBeyond(closely)) return { diagnosis };
    if (diagnosis.status === 'healthy') return { says: says(`a handshake with ${far} is answered`) };
    return {
      note: {
        what: `whether programs get through to ${far}`,
        because: `ping does, and a handshake does not: ${lower(diagnosis.summary)}`,
      },
    };
  };
}

/** Whom this host is refused by as well refuses everybody: nothing about the container's way is told by that. */
const refusesHost = async (machine: Machine, flow: Flow, { wait }: Question): Promise<boolean> =>
  (await askOnce(machine, { ...flow, from: 'host' }, null, wait * 1000))?.result === 'refused';

const lower = (sentence: string): string =>
  sentence.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase()).replace(/\.$/, '');
