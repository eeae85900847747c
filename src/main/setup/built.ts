/** A recipe's network on the demo's host, to be broken: `netdoctor demo bridge-nat --break ip-forward-off`. */
import { buildNetwork } from '../../demo/build.ts';
import type { Question } from '../../demo/fault.ts';
import type { DemoNetwork, Guest } from '../../demo/network.ts';
import type { Built } from '../../demo/play.ts';
import { answerAll } from '../../guide/answers.ts';
import type { Proof } from '../../guide/event.ts';
import { questionOf } from '../../guide/flow.ts';
import { type PlannedHold, planHolds } from '../../guide/plan.ts';
import { itemsOf, type Value } from '../../guide/question.ts';
import type { Recipe } from '../../guide/recipe.ts';
import { runRecipe } from '../../guide/run.ts';
import type { Scope } from '../../guide/scope.ts';
import { recipeNamed } from '../../guide/shelf.ts';
import { World } from '../../guide/world.ts';
import type { Machine } from '../../host/machine.ts';
import { cannotLook } from '../../model/failure.ts';

/** What nobody needs to be asked on the demo's host. */
const usual = (recipe: Recipe, net: DemoNetwork): ReadonlyMap<string, string> => {
  const known: Record<string, string> = {
    containers: 'new:red,new:blue',
    a: 'new:red',
    b: 'new:blue',
    container: recipe.name === 'attach-docker0' ? 'new:red' : `netns:${net.container.name}`,
    outside: net.internet.address,
    remote: net.uplink.nextHop,
  };
  const bridge = recipe.asks.bridge?.new === true ? {} : { bridge: net.segment.bridge };
  return new Map(
    Object.entries({ ...known, ...bridge }).filter(([name]) => Object.hasOwn(recipe.asks, name)),
  );
};

/** Builds the demo's network, and on its host what the recipe says. @throws Failure when it does not stand */
export async function built(
  name: string,
  given: ReadonlyMap<string, string>,
  machine: Machine,
): Promise<Built> {
  const base = await buildNetwork(machine);
  const { recipe } = recipeNamed(machine, name);
  const world = new World(machine);
  const scope = await answerAll(recipe, world, new Map([...usual(recipe, base), ...given]));
  for await (const event of runRecipe(recipe, scope, { world, prove: async (hold) => believed(hold) })) {
    if (event.type === 'end' && event.status !== 'done')
      throw cannotLook(
        'demo-not-built',
        event.because ?? 'The recipe did not come to its end.',
        event.hint ?? '',
      );
  }
  world.forget();
  const net = await networkOf(base, scope, world);
  const question = furthest(planHolds(recipe, scope), net, world);
  return { net, drawing: drawingOf(recipe, scope), ...(question ? { question } : {}) };
}

/** The network is going to be asked about when it is broken; that it worked is the recipe's own promise. */
const believed = (hold: PlannedHold): Proof => ({
  from: hold.from,
  to: hold.to,
  proto: hold.proto,
  wanted: hold.answered ? 'answered' : 'silent',
  found: null,
  holds: true,
  says: '',
});

/** The demo's network with the recipe's containers and bridge in the places that faults speak of. */
async function networkOf(base: DemoNetwork, scope: Scope, world: World): Promise<DemoNetwork> {
  const device = scope.get('device')?.text ?? 'eth0';
  const items = ['containers', 'container', 'a', 'b'].flatMap((name) => {
    const found = scope.get(name);
    return found ? itemsOf(found) : [];
  });
  const [first, second] = await Promise.all(items.slice(0, 2).map((item) => guestOf(item, device, world)));
  const bridge = scope.get('bridge');
  const parts = { ...bridge?.parts, ...scope.get('subnet')?.parts };
  return {
    ...base,
    container: first ?? base.container,
    neighbour: second ?? base.neighbour,
    segment: {
      bridge: bridge?.text ?? '',
      gateway: parts.gateway ?? '',
      subnet: parts.network ?? '',
      prefix: Number(parts.prefix ?? 0),
      acceptedIn: bridge?.text === base.segment.bridge ? base.segment.acceptedIn : 'DOCKER-USER',
    },
  };
}

async function guestOf(item: Value, device: string, world: World): Promise<Guest> {
  const { label, path } = world.place(item.text);
  const link = await world.link(item.text, device);
  const netns = world.machine.netns(path ?? '');
  if (!netns.known) throw cannotLook('demo-not-built', `The container ${label} is gone.`, 'netdoctor demo');
  const port = await world.link(undefined, item.parts.port ?? '');
  return {
    name: label,
    netns: netns.value,
    device,
    address: link?.addresses.find((one) => one.family === 4)?.address ?? '',
    mac: link?.mac ?? '',
    port: port?.name ?? '',
  };
}

/** The longest way that the recipe promises to the first container. */
function furthest(holds: readonly PlannedHold[], net: DemoNetwork, world: World): Question | null {
  const mine = holds.filter(({ from }) => from !== 'host' && world.place(from).label === net.container.name);
  const away = mine.filter(({ to }) => to !== net.neighbour.address);
  const hold = away.find(({ to }) => to === net.internet.address) ?? away.at(-1) ?? mine.at(-1);
  if (!hold) return null;
  const question = questionOf(hold, world);
  // By its name, so that the verdict knows where it lives also when nothing leads there any more.
  const named = hold.to === net.neighbour.address && hold.to !== '';
  return named ? { ...question, to: `container:netns:${net.neighbour.name}` } : question;
}

const drawingOf = (recipe: Recipe, scope: Scope): readonly string[] => [
  recipe.title,
  ...[...scope].map(([name, value]) => `  ${name} = ${value.text}`),
];
