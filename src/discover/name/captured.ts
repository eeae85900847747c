/** Did a search domain answer for a name that was meant as it stands? */
import type { Captured, NameQuestion, Outcome, RecordType } from '../../model/look-up.ts';
import type { Asker } from './ask.ts';

/** A label that nobody has. */
const NOBODY = 'netdoctor-no-such-name';

/**
 * Null where the addresses are those of the name as typed, or where the name has no dot: such a name is meant to be
 * looked for in the search list. Otherwise what the name as typed has, and what a name has that nobody made.
 */
export async function capturedBy(
  asker: Asker,
  typed: string,
  outcomes: readonly Outcome[],
  servers: readonly string[],
): Promise<Captured | null> {
  const within = outcomes.find(({ asked }) => asked !== null && asked !== typed.replace(/\.$/, ''));
  if (!within?.asked || !typed.includes('.')) return null;
  const server =
    asker
      .asked()
      .find(
        ({ name, reply }) => name === within.asked && reply.kind === 'answer' && reply.addresses.length > 0,
      )?.server ?? servers[0]!;
  const domain = within.asked.slice(typed.length + 1);
  const [meant, anything] = await Promise.all([
    addressesOf(asker, server, typed),
    addressesOf(asker, server, `${typed.replace(/^[^.]+/, NOBODY)}.${domain}`),
  ]);
  return { asked: within.asked, domain, addresses: within.addresses, meant, anything };
}

async function addressesOf(asker: Asker, server: string, name: string): Promise<string[]> {
  const types: readonly RecordType[] = ['A', 'AAAA'];
  const replies = await Promise.all(
    types.map((type) => asker.ask({ server, name, type, transport: 'udp' } satisfies NameQuestion)),
  );
  return replies.flatMap((reply) => (reply.kind === 'answer' ? reply.addresses : []));
}
