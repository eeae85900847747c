import { statSync } from 'node:fs';
import type { Recording } from '../../src/host/record/recording.ts';
import type { Asked } from '../../src/host/record/asked.ts';
import type { Answer } from '../../src/model/answer.ts';
import type { Netns } from '../../src/model/netns.ts';
import type { Lab } from '../lab/lab.ts';
import { places } from '../lab/names.ts';

/** The same recording without the other processes and mounts of the machine that the lab stood on. */
export function withoutStrangers(recording: Recording, lab: Lab): Recording {
  const inodes = new Set(places.map((place) => statSync(lab.namespace(place)).ino));
  const own = new Set([String(recording.machine.pid)]);
  for (const { ask, answer } of recording.asked) {
    const pid = /^netns \/proc\/(\d+)\/ns\/net$/.exec(ask)?.[1];
    const netns = answer as Answer<Netns>;
    if (pid && netns.known && inodes.has(netns.value.inode)) own.add(pid);
  }
  const ours = ({ ask }: Asked): boolean => {
    const pid = /^(?:netns|nsid|read|link) \/proc\/(\d+)\//.exec(ask)?.[1];
    return pid === undefined || own.has(pid);
  };
  const asked = recording.asked.filter(ours).map((one) => {
    if (one.ask === 'list /proc') return changed<string[]>(one, (names) => names.filter((pid) => own.has(pid)));
    if (one.ask === 'read /proc/self/mountinfo')
      return changed<string>(one, (text) => text.replace(/^(?!.*(cgroup2|net:\[)).*\n/gm, ''));
    return one;
  });
  return { ...recording, asked };
}

function changed<T>(one: Asked, change: (value: T) => T): Asked {
  const answer = one.answer as Answer<T>;
  return answer.known ? { ...one, answer: { ...answer, value: change(answer.value) } } : one;
}
