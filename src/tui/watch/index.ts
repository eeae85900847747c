/** The way into a watch that is drawn. Ink is read from here on, and not before. */
import { withoutCi } from '../without-ci.ts';
import type { Stage } from './draw.tsx';

/** Draws until the function is called that it resolves with; that resolves when the terminal is as it was. */
export async function drawWatch(stage: Stage): Promise<() => Promise<void>> {
  const { drawWatch: draw } = await withoutCi(() => import('./draw.tsx'));
  return draw(stage);
}
