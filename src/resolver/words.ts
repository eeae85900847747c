/** What causes about names say alike. */
import type { Evidence } from '../model/evidence.ts';
import type { Flow } from '../model/flow.ts';
import type { Asked, LookUp, Outcome } from '../model/look-up.ts';
import type { Scene } from '../model/scene.ts';
import { asksResolver } from '../wire/dns.ts';
import { fromStateIn } from '../words/telling.ts';
import { LIBRARIES } from './differences.ts';

/** `A program gets`, `A program built on musl (Alpine) gets`: whose look-up it is. */
export function withLibrary(story: LookUp, outcomes: readonly Outcome[], verb = 'gets'): string {
  if (outcomes.length === story.outcomes.length && story.library === null) return `A program ${verb}`;
  const libraries = [...new Set(outcomes.map(({ library }) => LIBRARIES[library]))];
  return `A program built on ${libraries.join(' or ')}${story.library === null ? '' : ', as this container’s are,'} ${verb}`;
}

/** A server as a flow to it names it: without the zone of a link-local address. */
const addressOf = (server: string): string => server.replace(/%.*/, '');

/** The name server that this flow goes to, as resolv.conf writes it. */
export const serverOf = ({ servers }: Pick<LookUp, 'servers'>, { address }: Flow): string | undefined =>
  servers.find((one) => addressOf(one) === address);

/** Is this flow the one to that server, or the one to what the name stands for? A flow to another server is neither. */
export const goesToServer = ({ flow }: Pick<Scene, 'flow'>, server: string): boolean =>
  !asksResolver(flow) || flow.address === addressOf(server);

/** Each of these questions, with the command that puts it again. */
export const digs = ({ target, flow }: Pick<Scene, 'target' | 'flow'>, asked: readonly Asked[]): Evidence[] =>
  asked.map(({ server, name, type, transport, edns, reply }, index) =>
    fromStateIn(
      index > 0 || flow.from === 'host' ? null : target.netns,
      `${server} asked for ${name} ${type}${edns ? ' with EDNS' : ''}${transport === 'tcp' ? ' by TCP' : ''}${index > 0 ? ' by the host' : ''}: ${said(reply)}`,
      [
        'dig',
        `@${server}`,
        ...(transport === 'tcp' ? ['+tcp'] : []),
        ...(edns ? ['+nocookie'] : ['+noedns']),
        name,
        type,
      ],
    ),
  );

function said(reply: Asked['reply']): string {
  if (reply.kind === 'silence') return 'no answer';
  if (reply.kind === 'error') return reply.errno;
  const records = reply.addresses.length > 0 ? reply.addresses.join(', ') : 'no address';
  return `RCODE ${reply.rcode}, ${records}${reply.truncated ? ', cut short' : ''}${reply.again ? ', when it was put again' : ''}`;
}
