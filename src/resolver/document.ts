import type { Asked, LookUp, LookUpDocument } from '../model/look-up.ts';
import { RCODES } from '../wire/dns-message.ts';
import { plain } from '../words/text.ts';

/** What came back, in one word. */
export function saying({ reply }: Asked): string {
  if (reply.kind === 'silence') return 'silent';
  if (reply.kind === 'error') return reply.errno;
  return RCODES[reply.rcode] ?? `RCODE ${reply.rcode}`;
}

/** The story as documents show it; what a server or a file said is stripped of control characters. */
export const lookUpDocument = (story: LookUp): LookUpDocument => ({
  name: plain(story.name),
  library: story.library,
  files: story.files.map(({ file, text }) => ({ file, found: text !== undefined })),
  servers: story.servers.map((address) => {
    const standIn = story.standIns.find(({ server }) => server === address);
    return { address: plain(address), what: standIn?.what ?? null, upstreams: standIn?.upstreams ?? [] };
  }),
  search: story.search.map(plain),
  ndots: story.ndots,
  questions: [...story.asked, ...(story.shapes ?? [])].map((one) => {
    const { server, name, type, transport, edns = false, reply } = one;
    const answer = reply.kind === 'answer' ? reply : undefined;
    return {
      server: plain(server),
      name: plain(name),
      type,
      transport,
      edns,
      said: saying(one),
      truncated: answer?.truncated ?? false,
      addresses: answer?.addresses ?? [],
      milliseconds: answer?.milliseconds ?? null,
    };
  }),
  results: story.outcomes.map(({ library, addresses, error, source, asked, waited }) => ({
    library,
    addresses,
    error,
    source,
    asked: asked === null ? null : plain(asked),
    seconds: waited,
  })),
});
