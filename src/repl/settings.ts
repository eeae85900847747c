/** What `set` can change: the command line's own options, by the same names. */
export interface Setting {
  readonly name: string;
  readonly does: string;
  readonly example: string;
  /** Null when the value will do, else what is wrong with it. */
  check(value: string): string | null;
}

const number =
  (low: number, high: number, unit: string) =>
  (value: string): string | null =>
    /^\d+(\.\d+)?$/.test(value) && Number(value) >= low && Number(value) <= high
      ? null
      : `It takes a number of ${unit} from ${low} to ${high}.`;

const oneOf =
  (...words: readonly string[]) =>
  (value: string): string | null =>
    words.includes(value) ? null : `It takes one of: ${words.join(', ')}.`;

export const settings: readonly Setting[] = [
  { name: 'count', does: 'probes a diagnosis', example: '3', check: number(1, 1000, 'probes') },
  { name: 'family', does: 'IP version: 4 or 6', example: '4', check: oneOf('4', '6', 'both') },
  {
    name: 'redact',
    does: 'names and addresses replaced in reports',
    example: 'on',
    check: oneOf('on', 'off'),
  },
  {
    name: 'timeout',
    does: 'longest time for one diagnosis',
    example: '10',
    check: number(1, 3600, 'seconds'),
  },
  {
    name: 'wait',
    does: 'how long an answer from beyond is waited for',
    example: '1',
    check: number(0.1, 600, 'seconds'),
  },
];

export const settingNames = settings.map(({ name, does }) => ({ name, does }));
