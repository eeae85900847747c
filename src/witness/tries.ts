/**
 * Where the host is answered and the container is not, something treats it differently: the host asks again with one thing
 * changed at a time, so that it leaves as the container's packet left. What then stays unanswered decides.
 */
import type { Machine } from '../host/machine.ts';
import type { Flow } from '../model/flow.ts';
import { leadsOut, type Path } from '../model/path.ts';
import type { Control, Try } from '../model/scene.ts';
import type { Sighting } from '../model/sighting.ts';
import { askControl, type Bound, type Open } from './control.ts';

export interface Tried {
  readonly flow: Flow;
  readonly path: Path;
  /** The lost probe. */
  readonly probe: number;
  readonly sightings: readonly Sighting[];
  /** What the host heard that asked as it liked. */
  readonly heard: Control;
}

/** Ports beside the one that NAT chose: that very one belongs to the container's own entry of connection tracking. */
const BESIDE = [1, 2, 3];

/** `wait` in milliseconds; nothing is asked where nothing differs. */
export async function tryEach(machine: Machine, tried: Tried, wait: number, open: Open): Promise<Try[]> {
  const ask = async (trait: Try['trait'], value: string, bound: Bound): Promise<Try> => {
    const { answered } = await askControl(machine, tried.flow, wait, open, bound).answer;
    return { trait, value, answered };
  };
  return Promise.all([
    ...exits(tried.path).map((name) => ask('interface', name, { device: name })),
    ...portsLike(tried).map((port) => ask('source-port', `${port}`, { sourcePort: port })),
  ]);
}

/** Interfaces that packets of this flow may leave by; none where there is one alone. */
const exits = ({ hops, branches }: Path): string[] =>
  branches && branches.length > 0 ? [...hops.filter(leadsOut), ...branches].map(({ name }) => name) : [];

/** Ports like the one that NAT gave the lost probe; none where it kept its own. */
function portsLike({ path, probe, sightings, heard }: Tried): number[] {
  if (!heard.answered) return [];
  const at = (hop: string | undefined): number | null =>
    sightings.find((one) => one.probe === probe && one.kind === 'request' && one.hop === hop)?.sourcePort ??
    null;
  const [own, shown] = [at(path.hops[0]?.id), at(path.hops.find(leadsOut)?.id)];
  if (own === null || shown === null || own === shown) return [];
  return BESIDE.map((step) => shown + step).filter((port) => port < 65_536);
}
