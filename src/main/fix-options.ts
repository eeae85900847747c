/** The options of a repair, and whether they fit together. */
import { Option } from 'commander';
import { wrongCall } from '../model/failure.ts';
import type { Allowed } from '../repair/choose.ts';
import { seconds } from './options.ts';
import type { Screen } from './screen.ts';

const DAY = 86_400;

export const fixOptions = (): Option[] => [
  new Option('--fix [RISK]', 'mends what was found: safe fixes only, or disruptive ones too, then asks again')
    .choices(['safe', 'disruptive'])
    .preset('safe')
    .conflicts(['readOnly', 'redact']),
  new Option('--yes', 'with --fix: goes on without asking, until it is healthy or nothing is left to try'),
  new Option('--dry-run', 'with --fix: shows what would be done, and does nothing'),
  new Option('--persist', 'with --fix: keeps it across a restart, where the owner keeps such things'),
  new Option('--keep-partial', 'with --fix: keeps what helped, even where it does not work in the end'),
  new Option(
    '--rollback-after <S>',
    'with --fix: takes it back after S seconds, unless `netdoctor keep` is typed',
  ).argParser(seconds(1, DAY)),
];

export interface FixWish {
  readonly allowed: Allowed;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly persist: boolean;
  readonly rollbackAfter: number | null;
  readonly keepPartial: boolean;
}

const NEED_FIX = ['yes', 'dryRun', 'persist', 'rollbackAfter', 'keepPartial'] as const;
const NAMES = {
  yes: '--yes',
  dryRun: '--dry-run',
  persist: '--persist',
  rollbackAfter: '--rollback-after',
  keepPartial: '--keep-partial',
} as const;

/** Null where nothing is to be mended. @throws Failure (exit 2) for a call that makes no sense */
export function fixWish(options: Readonly<Record<string, unknown>>, { interactive }: Screen): FixWish | null {
  const { fix } = options;
  if (fix === undefined) {
    const lonely = NEED_FIX.find((name) => options[name] !== undefined);
    if (lonely)
      throw wrongCall(
        'fix-missing',
        `${NAMES[lonely]} says how a repair is made, and none is asked for.`,
        'Add --fix',
      );
    return null;
  }
  const asks = interactive && options.input !== false && !options.json && !options.ndjson;
  if (!options.yes && !options.dryRun && !asks)
    throw wrongCall(
      'nobody-to-ask',
      '--fix asks before it changes anything, and there is nobody to ask here.',
      'Add --yes, or --dry-run to see the commands.',
    );
  return {
    allowed: fix === 'disruptive' ? 'disruptive' : 'safe',
    yes: options.yes === true,
    dryRun: options.dryRun === true,
    persist: options.persist === true,
    rollbackAfter: typeof options.rollbackAfter === 'number' ? options.rollbackAfter : null,
    keepPartial: options.keepPartial === true,
  };
}
