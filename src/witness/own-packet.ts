/** The host's own packet to the destination as it leaves by the interface that the container's left by. */
import type { Machine, PacketFrame } from '../host/machine.ts';
import type { Leaving } from '../kernel/contrast.ts';
import type { Flow } from '../model/flow.ts';
import type { Hop } from '../model/path.ts';
import { probeKindOf } from '../probe/kinds.ts';
import { decodeNetwork, headerOf, sourcePortOf } from '../wire/packet.ts';
import { recognise } from './capture.ts';
import { askControl, type Open } from './control.ts';

/** Frames to the destination that may pass while one probe is under way; a host that sends more of them is flooded. */
const MOST = 500;

/** Undefined where it was not answered, or left by another way, or nobody could look. `wait` in milliseconds. */
export async function ownPacket(
  machine: Machine,
  flow: Flow,
  exit: Hop,
  wait: number,
  open: Open,
): Promise<Leaving | undefined> {
  const frames: PacketFrame[] = [];
  const watching = machine.packets(
    null,
    { filter: `host ${flow.address.replace(/%.*$/, '')}`, devices: [exit.link.ifindex] },
    (frame) => {
      if (frame.direction === 'out' && frames.length < MOST) frames.push(frame);
    },
  );
  if (!watching.known) return undefined;
  const { answer, run } = askControl(machine, flow, wait, open);
  const { answered } = await answer;
  watching.value.look();
  void watching.value.stop();
  if (!answered || !run) return undefined;
  const mine = [{ kind: probeKindOf(flow.proto), run }];
  for (const { bytes, protocol } of frames) {
    const packet = decodeNetwork(bytes, protocol, null);
    const header = packet && headerOf(packet);
    if (!packet || !header || recognise(mine, packet)?.kind !== 'request') continue;
    // Its socket has no mark. What a rule of OUTPUT gives it is no difference that a try could show.
    return { source: packet.source, sourcePort: sourcePortOf(packet), mark: 0, header };
  }
  return undefined;
}
