import { subInterface } from '../sub-interface.ts';

export default subInterface(
  'ipvlan',
  "makes an interface on the parent's segment that shares the parent's MAC address",
);
