/** What `set` can change: the command line's own options, by the same names. */
import type { WantedData } from '../model/exchange.ts';
import type { Question } from '../model/question.ts';

/** The options of the command line, which hold for every question of the conversation. */
export type Defaults = Omit<Question, 'target'>;

/** Name and value, as typed. */
export type Settings = Readonly<Record<string, string>>;

export interface Setting {
  readonly name: string;
  readonly does: string;
  readonly values: readonly string[];
  /** Null when the value will do, else what is wrong with it. */
  check(value: string): string | null;
  /** What it changes about a question. */
  change(value: string): Partial<Question>;
  /** What it is where nobody has set it. */
  usual(defaults: Defaults): string;
}

const inRange =
  (low: number, high: number, unit: string) =>
  (value: string): string | null =>
    /^\d+(\.\d+)?$/.test(value) && Number(value) >= low && Number(value) <= high
      ? null
      : `It takes a number of ${unit} from ${low} to ${high}.`;

const oneOf =
  (...words: readonly string[]) =>
  (value: string): string | null =>
    words.includes(value) ? null : `It takes one of: ${words.join(', ')}.`;

const FAMILIES: Readonly<Record<string, Partial<Question>>> = {
  4: { family: 4 },
  6: { family: 6 },
  both: { family: undefined },
};

export const settings: readonly Setting[] = [
  {
    name: 'count',
    does: 'probes for each question',
    values: ['3', '10'],
    check: (value) => (/^\d+$/.test(value) ? inRange(1, 1000, 'probes')(value) : 'It takes a whole number.'),
    change: (value) => ({ count: Number(value) }),
    usual: ({ count }) => String(count),
  },
  {
    name: 'data',
    does: 'what is said over a TCP connection that stands',
    values: ['auto', 'http', 'tls', 'none'],
    check: oneOf('auto', 'http', 'tls', 'none'),
    change: (value) => ({ data: value === 'auto' ? undefined : (value as WantedData) }),
    usual: ({ data }) => data ?? 'auto',
  },
  {
    name: 'family',
    does: 'version of IP',
    values: ['4', '6', 'both'],
    check: oneOf('4', '6', 'both'),
    change: (value) => FAMILIES[value] ?? {},
    usual: ({ family }) => String(family ?? 'both'),
  },
  {
    name: 'redact',
    does: 'names and addresses replaced in saved reports',
    values: ['on', 'off'],
    check: oneOf('on', 'off'),
    change: () => ({}),
    usual: () => 'off',
  },
  {
    name: 'timeout',
    does: 'longest time for one question, in seconds',
    values: ['10', '60'],
    check: inRange(1, 3600, 'seconds'),
    change: (value) => ({ timeout: Number(value) }),
    usual: ({ timeout }) => String(timeout),
  },
  {
    name: 'trace',
    does: "may netdoctor arm the kernel's tracing",
    values: ['on', 'off'],
    check: oneOf('on', 'off'),
    change: (value) => ({ trace: value === 'on' }),
    usual: ({ trace }) => (trace ? 'on' : 'off'),
  },
  {
    name: 'wait',
    does: 'how long an answer from beyond this host is waited for, in seconds',
    values: ['1', '5'],
    check: inRange(0.1, 600, 'seconds'),
    change: (value) => ({ wait: Number(value) }),
    usual: ({ wait }) => String(wait),
  },
];

export const settingNamed = (name: string): Setting | undefined =>
  settings.find((each) => each.name === name);

export const settingNames = settings.map(({ name, does }) => ({ name, does }));
