/** How a trace's lines name the functions of drops, by the format file of skb:kfree_skb. Documentation/trace/events.rst, ftrace.rst. */

/** `told`: the trace prints names. `address`: real addresses. `stack`: hashed ones, and the stack tells. */
export type Naming = 'told' | 'address' | 'stack';

/** `hashes`: the trace has the option `hash-ptr`, and so hashes the addresses that it prints. */
export const namingOf = (format: string, hashes: boolean): Naming =>
  !/location=%p(?!S)/.test(format) ? 'told' : hashes ? 'stack' : 'address';
