import { z } from 'zod';
import { text, where } from '../text.ts';
import { impossible, notSo, so, verb } from '../verb.ts';

export default verb({
  name: 'sysctl',
  does: 'sets a kernel setting',
  params: z.object({ key: text, value: text, in: where }),
  title: ({ key, value }) => `Set ${key} to ${value}`,
  async check({ key, value, in: place }, world) {
    const now = world.sysctl(place, key);
    if (now === value) return so(`it is ${value}`);
    // An interface that an earlier step makes has no settings yet.
    if (now !== null || /^net\.ipv[46]\.(conf|neigh)\./.test(key))
      return notSo(now === null ? `there is no ${key} yet` : `${key} is ${now}`);
    return impossible(
      `This kernel has no setting called ${key}.`,
      `ls /proc/sys/${key.replaceAll('.', '/')}`,
    );
  },
  async apply({ key, value, in: place }, world) {
    const before = world.sysctl(place, key);
    return [
      {
        apply: world.change(place, ['sysctl', '-w', `${key}=${value}`]),
        undo: before === null ? null : world.change(place, ['sysctl', '-w', `${key}=${before}`]),
      },
    ];
  },
});
