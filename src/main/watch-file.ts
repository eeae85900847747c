/** Where a watch saves the packets around what went wrong. */
import { oneFile } from '../capture/save/one-file.ts';
import type { Into } from '../capture/save/saving.ts';
import type { Machine } from '../host/machine.ts';
import { wrongCall } from '../model/failure.ts';

/** Null: nowhere. @throws Failure (exit 2) for a pipe: what is kept is known only when nobody waits any longer */
export function intoOf({ save }: { readonly save?: unknown }, machine: Pick<Machine, 'env'>): Into | null {
  if (save === '-')
    throw wrongCall(
      'no-file',
      'A watch saves into a file, and not into a pipe.',
      'Name one: --save web.pcapng',
    );
  return oneFile(save === undefined ? null : String(save), machine);
}
