import { hopKind } from '../kind.ts';

export default hopKind({ kind: 'loopback', about: () => 'loopback' });
