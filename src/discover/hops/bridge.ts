import { addressesOf, hopKind } from '../kind.ts';

export default hopKind({ kind: 'bridge', about: addressesOf });
