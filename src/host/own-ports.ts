/** The same machine, which remembers from which ports it has asked itself: what others see of that is none of theirs. */
import type { Netns } from '../model/netns.ts';
import type { Machine } from './machine.ts';

export interface OwnPorts {
  readonly machine: Machine;
  /** Has a socket of this namespace had this port that was opened by way of the machine? */
  isOwn(port: number, netns: Netns): boolean;
}

export function ownPorts(machine: Machine): OwnPorts {
  const ports = new Set<string>();
  const key = (port: number, netns: Netns | null): string => `${netns?.inode} ${port}`;
  return {
    machine: {
      ...machine,
      open(spec, onEvent) {
        const opened = machine.open(spec, (event) => {
          if (event.type === 'bound') ports.add(key(event.port, spec.netns));
          onEvent(event);
        });
        const port = opened.known ? opened.value.localPort : null;
        if (port !== null) ports.add(key(port, spec.netns));
        return opened;
      },
    },
    isOwn: (port, netns) => ports.has(key(port, netns)),
  };
}
