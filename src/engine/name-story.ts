/** The whole story of one name, as a target's programs would look it up: what `netdoctor dns` shows. */
import { beginLookUp } from '../discover/name/look-up.ts';
import { readStacks } from '../discover/path.ts';
import type { Machine } from '../host/machine.ts';
import { wrongCall } from '../model/failure.ts';
import type { Family } from '../model/flow.ts';
import type { LookUp } from '../model/look-up.ts';
import type { Target } from '../model/target.ts';
import { findTarget } from '../targets/target.ts';
import { isAskable } from '../wire/dns-message.ts';
import { plain } from '../words/text.ts';

/** How long a server is waited for. Milliseconds. */
const PATIENCE = 2000;

export interface NameStory {
  readonly target: Target;
  readonly story: LookUp;
}

/** @throws Failure (exit 2) for what is no name, and for a target that is not there. */
export async function nameStory(
  machine: Machine,
  targetName: string,
  name: string,
  family?: Family,
): Promise<NameStory> {
  if (!isAskable(name) || !/^[\w.-]+$/.test(name) || /^[\d.]+$/.test(name))
    throw wrongCall(
      'no-name',
      `"${plain(name)}" is no name that can be looked up.`,
      'Give a name: netdoctor dns web db.example',
    );
  const target = await findTarget(machine, targetName);
  const { container } = await readStacks(machine, target);
  const { story } = beginLookUp({
    machine,
    target,
    from: 'container',
    name,
    families: family ? [family] : [4, 6],
    stack: container,
    patience: PATIENCE,
  });
  return { target, story: await story };
}
