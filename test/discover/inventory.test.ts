import { describe, expect, it } from 'vitest';
import { takeInventory } from '../../src/discover/inventory.ts';
import type { Machine } from '../../src/host/machine.ts';
import { type Because, known, notKnown } from '../../src/model/answer.ts';
import { fakeMachine, recording } from './fake-machine.ts';

/** Three named namespaces, of which some refuse to be entered or are gone by now. */
function machine(refuses: Readonly<Record<string, Because>> = {}, names = ['blue', 'green', 'red']): Machine {
  const base = fakeMachine({
    run: {
      'ip -j -d -force -batch -': recording('stack/container.txt'),
      'ip -6 -j -d rule show': '[]',
    },
    files: { '/proc/net/dev': '' },
    lists: { '/run/netns': names },
  });
  return {
    ...base,
    env: {},
    request: async () => notKnown('vanished', '/var/run/docker.sock: ENOENT', []),
    netns: (path) =>
      refuses[path] ? notKnown(refuses[path], path, []) : known({ inode: path.length, path }, []),
  };
}

const at = (name: string): string => `/run/netns/${name}`;

describe('the inventory', () => {
  it('looks into every namespace, in the order in which they are listed', async () => {
    const { inhabitants, silent } = await takeInventory(machine());
    expect(inhabitants.map(({ candidate }) => candidate.name)).toEqual(['blue', 'green', 'red']);
    for (const { stack } of inhabitants) expect(stack?.links.map(({ name }) => name)).toContain('eth0');
    expect(silent).toEqual(['docker: /var/run/docker.sock: ENOENT']);
  });

  it('says what may not be looked at, once for each reason', async () => {
    const refusals = { [at('red')]: 'no-permission', [at('blue')]: 'no-permission' } as const;
    const { inhabitants, silent } = await takeInventory(machine(refusals));
    expect(silent).toContain('netns:blue and netns:red: looking inside takes root');
    expect(inhabitants.filter(({ stack }) => stack !== null)).toHaveLength(1);
    expect(inhabitants).toHaveLength(3);
  });

  it('names three of many', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const refusals = Object.fromEntries(names.map((name) => [at(name), 'no-permission' as const]));
    const { silent } = await takeInventory(machine(refusals, names));
    expect(silent).toContain('netns:a, netns:b, netns:c and 2 more: looking inside takes root');
  });

  it('says nothing of what went away meanwhile', async () => {
    const { inhabitants, silent } = await takeInventory(machine({ [at('green')]: 'vanished' }));
    expect(silent).toHaveLength(1);
    expect(inhabitants.find(({ candidate }) => candidate.name === 'green')?.target).toBeNull();
  });
});
