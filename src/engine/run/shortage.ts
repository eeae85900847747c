import type { ProbeOutcome } from '../../model/sighting.ts';

const NO_PORT = /^(EADDRNOTAVAIL|EADDRINUSE|EAGAIN)$/;

/** A probe that finds no port since the probes before it have the last ones: one connection would have had one. */
export const isOwnShortage = (outcome: ProbeOutcome, all: readonly ProbeOutcome[]): boolean =>
  outcome.result === 'not-sent' &&
  NO_PORT.test(outcome.errno ?? '') &&
  all.some((one) => one.probe < outcome.probe && one.result !== 'not-sent');
