/** What must hold as a question for the engine, and as a person would type it. */
import type { PlannedHold } from './plan.ts';
import type { World } from './world.ts';

/** A flow from the host names the container that it goes to as its target. */
export function questionOf({ from, to, proto }: PlannedHold, world: World) {
  const asked = { to, ...(proto === 'icmp' ? {} : { proto }) };
  if (from !== 'host') return { ...asked, target: targetOf(from, world) };
  const address = to.split(':')[0]!;
  const holder = world.promised.get(address);
  const container = holder !== undefined && holder !== 'host' ? holder : firstContainer(world);
  return { ...asked, from: 'host', target: targetOf(container, world) };
}

const firstContainer = (world: World): string =>
  world.places.find((place) => place.path !== null)?.text ?? 'host';

/** A namespace that the recipe makes is asked for as `new:red`, and is by now one that the engine finds. */
const targetOf = (text: string, world: World): string =>
  text.startsWith('new:') ? `netns:${world.place(text).label}` : text;

/** `netdoctor diagnose netns:red --to 198.51.100.1`, as an argument list. */
export function diagnoseLine(hold: PlannedHold, world: World): readonly string[] {
  const { target, to, from, proto } = { from: undefined, proto: undefined, ...questionOf(hold, world) };
  return [
    ...['netdoctor', 'diagnose', target],
    ...(from ? ['--from', from] : []),
    ...['--to', to],
    ...(proto ? ['--proto', proto] : []),
  ];
}
