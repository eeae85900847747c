/** What the story of a name adds to a finding: whence the address came, and who is never asked for it. */

import type { Claim } from '../model/cause.ts';
import { withoutPort } from '../model/ends.ts';
import type { LookUp } from '../model/look-up.ts';
import type { Scene } from '../model/scene.ts';
import { asksResolver } from '../wire/dns.ts';
import { list } from '../words/text.ts';

interface Told {
  readonly why: string;
  readonly do: string;
}

/** The claim with what the story tells of it; as it is where there is no story, or nothing is lost. */
export function withStory(claim: Claim, scene: Scene, story: LookUp | undefined): Claim {
  if (!story || story.sample || scene.symptom.kind === 'answered') return claim;
  const told = [outOfFile(scene, story), unasked(scene, story)].filter((one) => one !== null);
  return {
    ...claim,
    why: [claim.why, ...told.map((one) => one.why)].join(' '),
    do: [claim.do, ...told.map((one) => one.do)].join(' '),
  };
}

/** The address is one that a hosts file has for the name, and what the servers have is another matter. */
function outOfFile({ flow }: Scene, { name, from, outcomes, files, asked }: LookUp): Told | null {
  const isMeant = flow.from === from && withoutPort(flow.to) === name && !asksResolver(flow);
  if (!isMeant || !outcomes.some((one) => one.source === 'files' && one.addresses.includes(flow.address)))
    return null;
  const { file } = files.find((one) => one.file.endsWith('hosts')) ?? { file: '/etc/hosts' };
  const known = asked.find(({ reply }) => reply.kind === 'answer' && reply.addresses.length > 0);
  const others = known?.reply.kind === 'answer' ? known.reply.addresses : [];
  if (others.includes(flow.address)) return null;
  const says = known ? `; the name server ${known.server} has ${list(others)} for it` : '';
  return {
    why: `That ${name} is ${flow.address} stands in ${file}, which is read before the DNS is asked${says}.`,
    do: `Correct or remove the line for ${name} in ${file} (extra_hosts, --add-host) if it is out of date.`,
  };
}

/** Servers that resolv.conf names behind the third. */
function unasked({ flow }: Scene, { unasked: servers = [] }: LookUp): Told | null {
  if (!asksResolver(flow) || servers.length === 0) return null;
  const names = list(servers.map(({ server }) => server));
  const good = servers.filter(({ answers }) => answers === true).map(({ server }) => server);
  const though = good.length > 0 ? `, although ${list(good)} ${good.length > 1 ? 'answer' : 'answers'}` : '';
  return {
    why: `resolv.conf names ${names} as well, behind the first three: a C library asks three servers at most, and never ${servers.length > 1 ? 'those' : 'that one'}${though}.`,
    do: good.length > 0 ? `Put ${good[0]} among the first three.` : 'Keep to three servers.',
  };
}
