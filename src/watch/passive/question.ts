/** What a watch of a target's own traffic is asked for, what it tells, and how it ends. */
import type { Count } from '../../capture/listen.ts';
import type { Into } from '../../capture/save/saving.ts';
import type { Spot } from '../../capture/spot.ts';
import type { Saved } from '../save/saved.ts';
import type { Trouble } from './trouble.ts';

export interface PassiveQuestion {
  readonly target: string;
  /** Seconds an answer is waited for. */
  readonly wait: number;
  /** Seconds after which it ends by itself; null: somebody ends it. */
  readonly duration: number | null;
  /** May the kernel's tracepoints be armed, which tell why a packet ended? */
  readonly trace: boolean;
  /** Where packets around each trouble are kept; null: nowhere. */
  readonly into: Into | null;
}

export type PassiveEvent =
  | { readonly type: 'listening'; readonly spots: readonly Spot[] }
  | { readonly type: 'trouble'; readonly trouble: Trouble };

export interface PassiveEnded {
  readonly spots: readonly Spot[];
  readonly counts: readonly Count[];
  /** Packets of the target that were read, each once. */
  readonly packets: number;
  /** Frames that came too fast to be looked at. */
  readonly overrun: number;
  /** Why no reasons of drops were told, or not to the end; null: they were looked for. */
  readonly blind: string | null;
  readonly saved: Saved | null;
  /** Why it ended before it should; null: as it was meant to. */
  readonly because: { readonly code: string; readonly message: string } | null;
}
