/** Names by which a runtime's resolver answers for a container on a network, beside its own: docker-run(1), --network-alias. */
import { plain } from '../words/text.ts';

/** Of `NetworkSettings.Networks`. Docker names all that it answers to in `DNSNames` (API 1.44), before that in `Aliases`. */
export interface Named {
  readonly Aliases?: readonly string[] | null;
  readonly DNSNames?: readonly string[] | null;
}

/** A container's id, cut short, is a name that nobody types. */
const SHORT_ID = /^[0-9a-f]{12}$/;

export const aliasesOf = (network: Named | undefined, own: string | undefined): string[] => [
  ...new Set(
    [...(network?.DNSNames ?? []), ...(network?.Aliases ?? [])]
      .filter((one) => typeof one === 'string' && one !== own && !SHORT_ID.test(one))
      .map(plain),
  ),
];
