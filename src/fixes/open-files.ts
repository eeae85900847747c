import { type Fix, run } from '../model/fix.ts';
import type { OpenFiles } from '../model/open-files.ts';

/** Lets it open as many as its own hard limit allows, which it may do itself. prlimit(1) */
export function raise({ pid, name, soft, hard }: OpenFiles): Fix[] {
  if (hard !== null && hard <= soft) return [];
  const most = Math.min(hard ?? Number.POSITIVE_INFINITY, soft * 4);
  const set = (value: number) => run(['prlimit', '--pid', String(pid), `--nofile=${value}:`]);
  return [
    {
      title: `Let ${name} (pid ${pid}) have ${most} files open`,
      risk: 'safe',
      lasts: 'until the program is started again',
      affects: `${name} (pid ${pid}) alone`,
      apply: [set(most)],
      undo: [set(soft)],
    },
  ];
}
