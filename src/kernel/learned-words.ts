/** What causes say alike of a route that somebody told of. */
import type { Evidence } from '../model/evidence.ts';
import type { Netns } from '../model/netns.ts';
import type { Route } from '../model/stack.ts';
import { fromStateIn } from '../words/telling.ts';
import { capital } from '../words/text.ts';
import { ip, routeName } from './routing.ts';

/** `proto ra, good for another 1795 s`. */
const origin = ({ protocol, expires }: Route): string =>
  `proto ${protocol}${expires === undefined ? '' : `, good for another ${expires} s`}`;

/** A sentence; `how`: `a router advertisement`. */
export const cameBy = (route: Route, how: string): string =>
  `${capital(routeName(route))} came by ${how} (${origin(route)}).`;

/** The route in its table, with the command that shows all that came so. */
export const shownAsLearned = (route: Route, netns: Netns | null): Evidence =>
  fromStateIn(netns, `${routeName(route)} ${origin(route)}`, [
    ...ip(route.family),
    'route',
    'show',
    'proto',
    route.protocol ?? 'ra',
  ]);
