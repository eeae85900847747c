/** What judges and tells. Most of what netdoctor knows stands behind it: it is loaded while other programs work. */

/** Loads it once, however often it is asked for. */
export async function judging() {
  const [{ reach }, { document }] = await Promise.all([import('./verdict.ts'), import('./document.ts')]);
  return { reach, document };
}
