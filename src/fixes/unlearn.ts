/** The fix that forgets a router of which somebody told, and believes none any more. */
import { without } from '../kernel/learned-route.ts';
import { byRecord } from '../kernel/recorded.ts';
import { decide, ip, routeName, routeWords } from '../kernel/routing.ts';
import { netnsOf } from '../kernel/travel.ts';
import type { Side, Sysctls } from '../model/facts.ts';
import { type Change, type Fix, run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import type { Link, Route, Stack } from '../model/stack.ts';
import { list } from '../words/text.ts';

/** Who believes it, and on which interface. */
interface Believer {
  readonly side: Side;
  readonly stack: Stack;
  readonly link: Link;
}

/** Addresses that the same advertisements gave it are not renewed. */
const hasLearnedAddress = ({ link }: Believer): boolean =>
  link.addresses.some(({ flags, scope }) => scope === 'global' && flags.includes('dynamic'));

/** Of IPv6 only: accept_ra goes to 0, the route goes, and the network's own gateway takes its place if no other route names it. */
export function unlearning(
  scene: Scene & { readonly sysctls: Sysctls },
  at: Believer,
  { route, right }: { readonly route: Route; readonly right: string },
  destination: string,
): Fix[] {
  const { family } = scene.flow;
  const key = `net.ipv6.conf.${at.link.name}.accept_ra`;
  const before = scene.sysctls[at.side][key];
  if (route.protocol !== 'ra' || before === undefined) return [];
  const netns = netnsOf(scene, at.side);
  const change = (verb: string, words: readonly string[]): Change =>
    run([...ip(family), 'route', verb, ...words], netns);
  const rest = decide(without(at.stack, route), { family, destination, source: null, iif: null });
  const isLeft = rest.kind === 'route' && rest.route.gateway === right;
  const added = isLeft ? [] : [['default', 'via', right, 'dev', at.link.name]];
  const told = [
    ...(route.expires === undefined ? [] : ['expires', String(route.expires)]),
    ...(route.preference === undefined ? [] : ['pref', route.preference]),
  ];
  const believes = before !== '0';
  const isThere = at.stack.routes.includes(route);
  if (!believes && !isThere) return [];
  return [
    {
      title: list([
        ...(believes ? [`Believe no router advertisements on ${at.link.name}`] : []),
        ...(isThere ? [`${believes ? 'forget' : 'Forget'} ${routeName(route)}`] : []),
      ]),
      ...(hasLearnedAddress(at) ? { risk: 'disruptive' as const } : byRecord(scene, right)),
      lasts: `until ${netns ? 'the container restarts' : 'reboot'}, or something writes the sysctl again`,
      affects: `what ${at.link.name} learns from routers: routes, and addresses that run out when nobody renews them`,
      apply: [
        ...(believes ? [run(['sysctl', '-w', `${key}=0`], netns)] : []),
        ...(isThere ? [change('del', routeWords(route))] : []),
        ...added.map((words) => change('add', words)),
      ],
      undo: [
        ...added.map((words) => change('del', words)),
        ...(isThere ? [change('add', [...routeWords(route), ...told])] : []),
        ...(believes ? [run(['sysctl', '-w', `${key}=${before}`], netns)] : []),
      ],
    },
  ];
}
