/** The fix that takes one traffic-control filter off, and puts it back as it was. */

import { after } from '../kernel/traffic-control.ts';
import type { TrafficControl } from '../model/facts.ts';
import { type Change, type Fix, run } from '../model/fix.ts';
import type { Netns } from '../model/netns.ts';
import { pinned } from './bpf-pin.ts';

interface Spec {
  readonly words: readonly string[];
  readonly before?: Change;
  readonly last?: Change;
}

/** What `tc filter add` must be told to make the filter of tc's text again; undefined where the text does not tell. */
function spec(text: string): Spec | undefined {
  const program = after(text, 'id');
  if (/\bbpf\b/.test(text) && program && /^\d+$/.test(program)) {
    const { path, pin, unpin } = pinned(Number(program));
    const direct = /direct-action/.test(text) ? ['da'] : [];
    return { words: ['bpf', ...direct, 'object-pinned', path], before: pin, last: unpin };
  }
  const action = actionOf(text);
  if (!action) return undefined;
  if (/\bmatchall\b/.test(text)) return { words: ['matchall', ...action] };
  if (/\bu32\b/.test(text)) {
    const matches = [...text.matchAll(/match ([0-9a-f]{8})\/([0-9a-f]{8}) at (\d+)/g)];
    if (matches.length === 0) return undefined;
    const words = matches.flatMap(([, value, mask, at]) => [
      'match',
      'u32',
      `0x${value}`,
      `0x${mask}`,
      'at',
      String(at),
    ]);
    return { words: ['u32', ...words, ...action] };
  }
  return undefined;
}

/** One action alone can be told again. */
function actionOf(text: string): string[] | undefined {
  if (/action order 2/.test(text)) return undefined;
  const redirect = /mirred \((Egress|Ingress) (Redirect|Mirror) to device (\S+)\)/.exec(text);
  if (redirect)
    return ['action', 'mirred', redirect[1]!.toLowerCase(), redirect[2]!.toLowerCase(), 'dev', redirect[3]!];
  return /gact action drop|action drop/.test(text) ? ['action', 'drop'] : undefined;
}

export function filterRemoval(one: TrafficControl, device: string, netns: Netns | null): Fix[] {
  const pref = after(one.text, 'pref');
  const protocol = after(one.text, 'protocol');
  const made = spec(one.text);
  if (pref === null || protocol === null || !made) return [];
  const at = ['dev', device, one.direction, 'protocol', protocol, 'pref', pref];
  return [
    {
      title: `Remove the ${one.direction} filter of preference ${pref} from ${device}`,
      risk: 'disruptive',
      lasts: 'until whoever attached it does so again',
      affects: `all traffic of ${device} that this filter looks at`,
      apply: [...(made.before ? [made.before] : []), run(['tc', 'filter', 'del', ...at], netns)],
      undo: [run(['tc', 'filter', 'add', ...at, ...made.words], netns), ...(made.last ? [made.last] : [])],
    },
  ];
}
