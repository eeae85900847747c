/** IP length of a SYN with Linux's usual options (MSS, SACK, timestamps, window scale), by family. tcp_output.c. */
export const SYN = { 4: 60, 6: 80 } as const;
