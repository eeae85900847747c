import { z } from 'zod';
import type { Route } from '../../model/stack.ts';
import { text, where } from '../text.ts';
import { impossible, notSo, so, verb } from '../verb.ts';
import type { World } from '../world.ts';

const params = z.object({
  in: where,
  to: text,
  via: text.optional(),
  dev: text.optional(),
  scope: text.optional(),
  /** Puts it in the place of another route to the same destination. */
  instead: z.boolean().optional(),
});
type Params = z.infer<typeof params>;

const cidr = (to: string): string => (to === 'default' ? '0.0.0.0/0' : to.includes('/') ? to : `${to}/32`);

/** The main table's routes to the same destination. */
async function rivals({ in: place, to }: Params, world: World): Promise<readonly Route[]> {
  const { routes } = await world.stack(place);
  return routes.filter(
    (route) => route.table === 'main' && route.family === 4 && route.destination === cidr(to),
  );
}

const words = (to: string, via: string | null, dev: string | null, scope: string | null): string[] => [
  to,
  ...(via ? ['via', via] : []),
  ...(dev ? ['dev', dev] : []),
  ...(scope && scope !== 'global' ? ['scope', scope] : []),
];

const oldWords = (to: string, old: Route): string[] => [
  ...words(to, old.gateway, old.dev, old.scope),
  ...(old.source ? ['src', old.source] : []),
  ...(old.metric ? ['metric', String(old.metric)] : []),
];

export default verb({
  name: 'route',
  does: 'adds a route, or puts one in the place of another',
  params,
  title: ({ in: place, to, via, dev }, world) =>
    `Route ${to === 'default' ? 'everything else' : to} of ${world.place(place).label} ${via ? `by ${via}` : `to ${dev}`}`,
  async check(asked, world) {
    const there = await rivals(asked, world);
    const first = [...there].sort((a, b) => a.metric - b.metric)[0];
    if (!first) return notSo(`${world.place(asked.in).label} has no route to ${asked.to}`);
    if ((first.gateway ?? undefined) === asked.via && (!asked.dev || first.dev === asked.dev))
      return so('the route is there');
    const way = words('', first.gateway, first.dev, null).join(' ').trim();
    if (asked.instead) return notSo(`the route to ${asked.to} is ${way}`);
    return impossible(
      `${world.place(asked.in).label} has a route to ${asked.to} already: ${way}.`,
      'Use the recipe default-route to choose between them, or answer that no default route is wanted.',
    );
  },
  async apply(asked, world) {
    const { in: place, to, via = null, dev = null, scope = null } = asked;
    const route = (...rest: string[]) => world.change(place, ['ip', 'route', ...rest]);
    const old = asked.instead ? await rivals(asked, world) : [];
    return [
      ...old.map((one) => ({
        apply: route('del', ...oldWords(to, one)),
        undo: route('add', ...oldWords(to, one)),
      })),
      {
        apply: route('add', ...words(to, via, dev, scope)),
        undo: route('del', ...words(to, via, dev, scope)),
      },
    ];
  },
});
