/** Sentences about an answer of which the beginning was lost. */
import type { Evidence } from '../model/evidence.ts';
import type { AnswerGap, Scene } from '../model/scene.ts';
import { fromState } from './telling.ts';

/** `edge`: the interface by which the rest of it came in. */
export const behindGap = ({ longest }: AnswerGap, edge: string): string =>
  `a segment of ${longest} bytes from behind them came in by ${edge}. TCP hands nothing on across such a gap.`;

export const gapShown = ({ flow, place }: Scene, { missing, longest }: AnswerGap, edge: string): Evidence =>
  fromState(
    `${missing} bytes of the answer are missing in front of a segment of ${longest} bytes`,
    ['tcpdump', '-nvi', edge, 'host', flow.address, 'and', 'tcp'],
    place?.before?.id ?? null,
  );
