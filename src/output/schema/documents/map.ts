import { z } from 'zod';
import { document } from '../document.ts';

export const map = z.object({
  schema: z.literal('netdoctor/map/1'),
  namespaces: z.array(
    z.object({
      id: z.string().describe('host, or the full name of who lives in it; unique'),
      inode: z.int(),
      names: z.array(z.string()).describe('all that live in it: docker:web, netns:red'),
    }),
  ),
  links: z.array(
    z.object({
      id: z.string().describe('NAMESPACE/NAME; unique'),
      namespace: z.string(),
      name: z.string(),
      ifindex: z.int(),
      kind: z.string(),
      up: z.boolean().nullable().describe('null where only the other end was asked about it'),
      addresses: z.array(z.string()).describe('with prefix length'),
      master: z.string().nullable().describe('id of the bridge or bond it is a port of'),
      peer: z.string().nullable().describe('id of the other end of a veth'),
      over: z
        .string()
        .nullable()
        .describe('id of the link it is built upon: parent of a macvlan, VLAN, tunnel'),
      uplink: z.boolean().describe('a default route of the host leaves by it, or it is a network card'),
    }),
  ),
  ports: z.array(
    z.object({
      proto: z.string(),
      hostAddress: z.string(),
      hostPort: z.int(),
      container: z.string(),
      containerPort: z.int(),
    }),
  ),
  silent: z.array(z.string()).describe('what could not be asked, and why'),
});

export default document({ name: 'map', about: 'netdoctor map --json', schema: map });
