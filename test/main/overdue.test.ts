import { describe, expect, it } from 'vitest';
import { tellOverdue } from '../../src/main/overdue.ts';
import { commands } from '../../src/main/registry.ts';

describe('changes whose timer is gone', () => {
  const unasked = commands.filter(({ overdue }) => overdue === 'unasked');

  // Docker's client asks what a plug-in is with every call of its own.
  it('are not asked about by what must be quick, or has nothing to do with this host', () => {
    expect(unasked.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['completion', 'docker-cli-plugin-metadata', 'replay', 'rollback-timer']),
    );
  });

  it.each(unasked.map((one) => [one.name, one] as const))(
    'netdoctor %s loads no machine for them',
    async (_, one) => {
      let isLoaded = false;
      const machine = async (): Promise<never> => {
        isLoaded = true;
        throw new Error('no machine');
      };
      await tellOverdue(one, false, machine, { err: () => {} });
      expect(isLoaded).toBe(false);
    },
  );
});
