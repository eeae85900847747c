// The machines that native files are made for, and the Nodes.

/** As Node calls them, and as Debian and GNU do. */
export const machines = [
  { arch: 'x64', debian: 'amd64', gnu: 'x86_64-linux-gnu' },
  { arch: 'arm64', debian: 'arm64', gnu: 'aarch64-linux-gnu' },
];

/** Every line of Node that is kept up, from the oldest that netdoctor runs on. */
export const nodes = [20, 22, 24, 26];

/**
 * The Node inside the single executable. 26 would need libatomic.so.1, which hardly any machine has that has no compiler;
 * 24 needs nothing that a minimal Debian lacks.
 */
export const innerNode = 24;

/** The program of a compiler suite for that machine: its own where we are on such a one. */
export const tool = ({ arch, gnu }, name) => (process.arch === arch ? name : `${gnu}-${name}`);
