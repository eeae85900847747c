import { execa } from 'execa';

/** The first of these programs that this machine does not have. which(1) */
export async function lacking(programs: readonly string[]): Promise<string | undefined> {
  for (const program of programs)
    if ((await execa('which', [program], { reject: false })).exitCode !== 0) return program;
  return undefined;
}
