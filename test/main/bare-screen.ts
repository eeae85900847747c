import { unicode } from '../../src/output/glyphs.ts';

/** A screen that is no terminal. */
export const bareScreen = (out: (text: string) => void, err: (text: string) => void) =>
  ({
    out,
    err,
    columns: 100,
    glyphs: unicode,
    ready: async () => {},
    flushed: async () => {},
    begin: () => {},
    palette: 'bare',
    interactive: false,
    drawable: false,
  }) as const;
