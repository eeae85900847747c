/**
 * A macvlan child in mode source hears only the senders that it was told of; what others send to its address goes to the
 * parent's own stack: macvlan_handle_frame() and macvlan_forward_source() of drivers/net/macvlan.c.
 */
import { type Scene, seen } from '../model/scene.ts';
import { linkNamed } from '../model/stack.ts';
import { type Child, childOf, modeOf } from './parents.ts';

export interface Unheard {
  readonly child: Child;
  /** Hardware address of who answered, where a frame of its told. */
  readonly sender: string | null;
}

const ANSWER = / is at ([0-9a-f]{2}(?::[0-9a-f]{2}){5})\b/;

/** Answers that came to the parent for such a child and were not handed to it; undefined where none was seen to. */
export function unheard(scene: Scene): Unheard | undefined {
  const { path, stacks } = scene;
  const child = childOf(scene, linkNamed(stacks.container, path.sourceRoute.dev));
  if (!child || modeOf(child.link) !== 'source') return undefined;
  const id = (where: string, name: string): string =>
    path.hops.find((hop) => hop.where === where && hop.name === name)?.id ?? '';
  // The host and its other children ask the same neighbours.
  const own = new Set(child.link.addresses.map(({ address }) => address));
  const came = (hop: string): string[] => [
    ...seen(scene, hop, 'reply').map(({ says }) => says ?? ''),
    ...seen(scene, hop, 'neighbour').flatMap(({ says, destination }) =>
      says && ANSWER.test(says) && own.has(destination) ? [says] : [],
    ),
  ];
  const answers = came(id('host', child.parent.name));
  if (answers.length === 0 || came(id('container', child.link.name)).length > 0) return undefined;
  return { child, sender: answers.map((says) => ANSWER.exec(says)?.[1]).find(Boolean) ?? null };
}
