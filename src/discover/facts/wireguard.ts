import { ask } from '../../host/ask.ts';
import { mapAnswer } from '../../model/answer.ts';
import type { WireGuardPeer } from '../../model/facts.ts';
import { plain } from '../../words/text.ts';
import { fact } from '../fact.ts';
import { fromAll } from '../sides.ts';

const SECONDS: Readonly<Record<string, number>> = {
  year: 31_557_600,
  day: 86_400,
  hour: 3600,
  minute: 60,
  second: 1,
};

/** `1 minute, 3 seconds ago` as wg(8) writes it, or `Now`; null for what is neither. */
function secondsOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^now$/i.test(text)) return 0;
  const parts = [...text.matchAll(/(\d+) (year|day|hour|minute|second)/g)];
  return parts.length === 0 ? null : parts.reduce((sum, [, n, unit]) => sum + Number(n) * SECONDS[unit!]!, 0);
}

/** A peer begins in the first column; what is told of it is indented below. */
export const parsePeers = (dev: string, text: string): WireGuardPeer[] =>
  text
    .split(/^(?=peer: )/m)
    .filter((block) => block.startsWith('peer: '))
    .map((block) => {
      const told = (name: string): string | undefined =>
        new RegExp(`^ +${name}: (.+)$`, 'm').exec(block)?.[1]?.trim();
      const endpoint = told('endpoint');
      return {
        dev,
        key: plain(/^peer: (\S+)/.exec(block)?.[1] ?? ''),
        endpoint: endpoint && endpoint !== '(none)' ? plain(endpoint) : null,
        allowed: (told('allowed ips') ?? '')
          .split(',')
          .map((one) => plain(one.trim()))
          .filter((one) => one.includes('/')),
        handshake: secondsOf(told('latest handshake')),
      };
    });

/** Peers of the host's WireGuard interfaces on the path. `wg show` hides the secret keys. Source: wg(8). */
export default fact({
  name: 'wireguard',
  gather(machine, { path }) {
    const devices = path.hops.filter(({ where, link }) => where === 'host' && link.kind === 'wireguard');
    return fromAll(devices, async ({ name }) =>
      mapAnswer(await ask(machine, ['wg', 'show', name]), (text) => parsePeers(name, text)),
    );
  },
});
