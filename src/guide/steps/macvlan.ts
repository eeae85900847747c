import { subInterface } from '../sub-interface.ts';

export default subInterface(
  'macvlan',
  "makes an interface with a MAC address of its own on the parent's segment",
);
