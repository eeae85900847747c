import { z } from 'zod';
import { isNetKey } from '../../words/arguments/sysctl.ts';
import { text, where } from '../text.ts';
import { impossible, notSo, so, verb } from '../verb.ts';

/** Answers may stand in it; what it comes to is looked at again before it is set. */
const isNet = (key: string): boolean => isNetKey(key.replace(/\$[\w.]+?(?=\.|$)/g, 'x').replace(/\$/g, 'x'));

export default verb({
  name: 'sysctl',
  does: 'sets a kernel setting of the network',
  params: z.object({ key: text.refine(isNet, 'must be a setting below net'), value: text, in: where }),
  title: ({ key, value }) => `Set ${key} to ${value}`,
  async check({ key, value, in: place }, world) {
    if (!isNetKey(key)) return impossible(`${key} is no setting of the network.`, 'Set it by hand.');
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
