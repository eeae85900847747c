/** macvlan and ipvlan: interfaces that share a parent, each with a place in the parent's own network segment. */
import { z } from 'zod';
import { text, where } from './text.ts';
import { impossible, named, notSo, so, type Verb, verb } from './verb.ts';
import type { World } from './world.ts';

const params = z.object({ parent: text, name: text, in: where, mode: text });
type Params = z.infer<typeof params>;

/** Does the kernel know this kind of device? Asked in a namespace that ends with the question. */
async function knows(kind: string, world: World): Promise<boolean> {
  const answer = await world.look(undefined, ['unshare', '--net', 'ip', 'link', 'add', 'nd0', 'type', kind]);
  return !answer.known || !/unknown device type/i.test(answer.value.stderr);
}

export const subInterface = (kind: 'macvlan' | 'ipvlan', does: string): Verb<Params> =>
  verb({
    name: kind,
    does,
    params,
    title: ({ parent, name, in: place }, world) =>
      `Make ${named(name, place, world)}, a${kind === 'ipvlan' ? 'n' : ''} ${kind} of ${parent}`,
    async check({ name, in: place }, world) {
      const link = await world.link(place, name);
      if (link?.kind === kind) return so(`${named(name, place, world)} is a ${kind}`);
      if (link)
        return impossible(
          `${named(name, place, world)} is there already and is ${link.kind}.`,
          'Choose another interface name.',
        );
      if (await knows(kind, world)) return notSo(`there is no ${named(name, place, world)}`);
      return impossible(
        `This kernel has no ${kind}.`,
        kind === 'ipvlan'
          ? 'modprobe ipvlan, or use the recipe macvlan: it needs no ipvlan.'
          : 'modprobe macvlan, or use the recipe routed with proxy ARP.',
      );
    },
    async apply({ parent, name, in: place, mode }, world) {
      const path = world.place(place).path;
      const home = path === null ? [] : ['netns', path];
      return [
        {
          apply: world.change(undefined, [
            ...['ip', 'link', 'add', 'link', parent, 'name', name],
            ...home,
            ...['type', kind, 'mode', mode],
          ] as ['ip', ...string[]]),
          undo: world.change(place, ['ip', 'link', 'del', 'dev', name]),
        },
      ];
    },
  });
