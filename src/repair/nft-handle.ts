/** A rule of nft is taken out by its handle alone, which the kernel gives when the rule is made (nft(8), RULES). */
import { HANDLE } from '../fixes/spare-nft.ts';
import type { Change } from '../model/fix.ts';
import type { JournalChange } from './journal/entry.ts';
import { targetOf } from './nft.ts';
import { rows } from './state.ts';

/** The way back with the handles that have come to the chain since, where the fix was seen to make them. */
export const withHandles = (undo: readonly Change[], made: readonly JournalChange[]): Change[] =>
  undo.map((change) => {
    if (!('run' in change) || !change.run.argv.includes(HANDLE)) return change;
    const key = JSON.stringify(targetOf(change.run.argv));
    const one = made.find(
      ({ apply }) =>
        'run' in apply && apply.run.argv[0] === 'nft' && JSON.stringify(targetOf(apply.run.argv)) === key,
    );
    const before = rows(one?.before?.['?handles']);
    const [handle] = rows(one?.after?.['?handles']).filter((each) => !before.includes(each));
    if (handle === undefined) return change;
    const argv = change.run.argv.map((word) => (word === HANDLE ? handle : word)) as [string, ...string[]];
    return { run: { ...change.run, argv } };
  });
