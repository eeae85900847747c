import type { Flow } from '../../src/model/flow.ts';

/** A ping from a container to an address beyond its host. */
export const outward: Flow = {
  from: 'container',
  to: '198.51.100.1',
  address: '198.51.100.1',
  proto: 'icmp',
  port: null,
  family: 4,
};

/** A connection from a container to a port of the same address. */
export const connecting: Flow = { ...outward, to: '198.51.100.1:80', proto: 'tcp', port: 80 };
