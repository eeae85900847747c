/** A network namespace: its nsfs inode, and a path that setns(2) and `nsenter --net=` accept. */
export interface Netns {
  readonly inode: number;
  readonly path: string;
}

/** A program to run: argv, and the namespace it is run in (absent: netdoctor's own). */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly in?: Netns;
}

/** A program for this namespace; null: netdoctor's own. */
export const command = (argv: Command['argv'], netns: Netns | null | undefined): Command =>
  netns ? { argv, in: netns } : { argv };

/** The command as a person would type it; a namespace is entered with nsenter(1). */
export function commandLine({ argv, in: netns }: Command): string[] {
  return netns ? ['nsenter', `--net=${netns.path}`, ...argv] : [...argv];
}
