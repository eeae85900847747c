/** From what a person names to a place a recipe can act in. */
import { findTarget } from '../targets/target.ts';
import { HOST, namedPlace, type Place } from './place.ts';
import type { World } from './world.ts';
import { wrongAnswer } from './wrong.ts';

const NEW = 'new:';

/** The place of `docker:web`, `red`, `pid:7`, or `new:red` for a namespace that the recipe makes. @throws Failure */
export async function placeNamed(text: string, world: World): Promise<Place> {
  const place = text.startsWith(NEW)
    ? await freshPlace(text.slice(NEW.length), world)
    : await found(text, world);
  world.add(place);
  return place;
}

async function freshPlace(name: string, world: World): Promise<Place> {
  if (!/^[\w][\w.-]{0,63}$/.test(name))
    throw wrongAnswer(
      `"${name}" cannot be the name of a namespace.`,
      'Letters, digits, dots, hyphens and underscores make a name: new:red',
    );
  const place = namedPlace(name, null);
  // A second run finds what the first one made.
  return world.exists(place) ? { ...place, target: await findTarget(world.machine, `netns:${name}`) } : place;
}

async function found(text: string, world: World): Promise<Place> {
  const target = await findTarget(world.machine, text);
  if (target.hostNetwork)
    throw wrongAnswer(
      `${target.name} shares the host's own network: there is nothing to connect.`,
      'Choose a container that has a network namespace of its own.',
    );
  return {
    ...HOST,
    text: `${target.runtime}:${target.name}`,
    label: target.name,
    path: target.netns.path,
    target,
  };
}
