/** What of a watch is an alarm, and so an exit code of 1. */
import { wrongCall } from '../model/failure.ts';
import type { Ledger } from './ledger.ts';
import { percent } from './text/numbers.ts';

export interface Wanted {
  /** The part that may be lost, from 0 to 1; null: whatever is lost is no alarm. */
  readonly loss: number | null;
  readonly change: boolean;
}

export interface Alarm {
  readonly kind: 'loss' | 'change';
  readonly says: string;
}

/** `loss`, `loss=0.5` (percent), `change`, several with commas between them, or `none`. @throws Failure (exit 2) */
export function parseAlarms(text: string): Wanted {
  let wanted: Wanted = { loss: null, change: false };
  for (const word of text === 'none' ? [] : text.split(',')) {
    const [, most] = /^loss(?:=(\d+(?:\.\d+)?)%?)?$/.exec(word) ?? [];
    if (word === 'change') wanted = { ...wanted, change: true };
    else if (word.startsWith('loss') && /^loss(=\d+(\.\d+)?%?)?$/.test(word) && Number(most ?? 0) <= 100)
      wanted = { ...wanted, loss: Number(most ?? 0) / 100 };
    else
      throw wrongCall(
        'wrong-alarm',
        `"${text}" is no alarm.`,
        'loss, loss=0.5 (percent), change, several with commas between them, or none',
      );
  }
  return wanted;
}

export function alarmsOf(ledger: Ledger, { loss, change }: Wanted): Alarm[] {
  const { settled, answered } = ledger.whole();
  const lost = settled - answered;
  const { nearCount } = ledger.happenings;
  return [
    ...(loss !== null && lost > 0 && lost / settled > loss
      ? [{ kind: 'loss' as const, says: `${lost} of ${settled} lost, ${percent(lost / settled)}` }]
      : []),
    ...(change && nearCount > 0
      ? [{ kind: 'change' as const, says: `${nearCount} changed on the way` }]
      : []),
  ];
}
