import { laidOut } from './laid-out.ts';

/** In a continuous integration Ink draws nothing but the last frame; a person at a terminal with CI set wants all. */
export async function withoutCi<T>(load: () => Promise<T>): Promise<T> {
  const { CI, CONTINUOUS_INTEGRATION } = process.env;
  delete process.env.CI;
  delete process.env.CONTINUOUS_INTEGRATION;
  try {
    const loaded = await load();
    await laidOut();
    return loaded;
  } finally {
    if (CI !== undefined) process.env.CI = CI;
    if (CONTINUOUS_INTEGRATION !== undefined) process.env.CONTINUOUS_INTEGRATION = CONTINUOUS_INTEGRATION;
  }
}
