/** How work ends that does not end with its answer. */
import { Failure, type Problem } from '../model/failure.ts';

export const problemOf = (error: unknown): Problem =>
  error instanceof Failure
    ? error.problem
    : {
        exit: 3,
        code: 'internal',
        message: `netdoctor failed: ${error instanceof Error ? error.message : String(error)}`,
        hint: 'This is a bug in netdoctor.',
      };

export const STUCK: Problem = {
  exit: 3,
  code: 'stuck',
  message: 'The run was told to stop and did not. Its traces may still be armed.',
  hint: 'They end with netdoctor: quit',
};
export const STOPPED: Problem = {
  exit: 3,
  code: 'stopped',
  message: 'Stopped. Nothing was changed.',
  hint: '',
};
export const UNFINISHED: Problem = {
  exit: 3,
  code: 'unfinished',
  message: 'The diagnosis ended without a verdict.',
  hint: 'This is a bug in netdoctor.',
};
