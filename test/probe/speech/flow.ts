import type { Flow } from '../../../src/model/flow.ts';

/** A flow to a web server, unless told otherwise. */
export const flow = (about: Partial<Flow> = {}): Flow => ({
  from: 'container',
  to: 'web.example:80',
  address: '198.51.100.1',
  proto: 'tcp',
  port: 80,
  family: 4,
  ...about,
});
