import { type Printable, plain } from '../../words/text.ts';

/** What a stretch of text is about; colour and weight follow from it, and never carry the meaning alone. */
export type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'accent' | 'strong' | 'dim' | 'wrong';

export interface Span {
  readonly text: Printable;
  readonly tone: Tone;
}

/** One row of the screen. */
export type Line = readonly Span[];

/** Made printable here, so that no view can forget it. */
export const span = (text: string, tone: Tone = 'plain'): Span => ({ text: plain(text), tone });

/** A row of one stretch. */
export const row = (text: string, tone: Tone = 'plain'): Line => (text === '' ? [] : [span(text, tone)]);

export const textOf = (line: Line): string => line.map(({ text }) => text).join('');
