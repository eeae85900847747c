import { describe, expect, it } from 'vitest';
import { refusalOfCommand } from '../../src/repair/journal/programs.ts';
import { refusalOfArguments } from '../../src/words/arguments.ts';
import { plain } from '../../src/words/text.ts';
import { commands, type Decoy, examine, type Row } from './examine.ts';
import { HOSTILE, renamed, renamedText } from './renamed.ts';
import { dropped, type Lab } from './scene.ts';

/** Reads the tables: each row is recognised and gives way to a drop elsewhere, each decoy is passed over. */
export function describeCauses(
  rows: readonly Row[],
  decoys: readonly Decoy[],
  anyDrop: readonly string[] = [],
): void {
  describe.each(rows.map((row) => [`${row.id}: ${row.when}`, row] as const))('%s', (_, row) => {
    it('is recognised', () => {
      const claim = examine(row.id, row.lab());
      expect(claim).not.toBeNull();
      if (row.sure) expect(claim?.sure).toBe(row.sure);
      if (row.says) expect(`${claim?.what} ${claim?.why}`).toMatch(row.says);
      if (row.fix) expect(commands(claim).apply).toEqual(row.fix);
      if (row.undo) expect(commands(claim).undo).toEqual(row.undo);
      for (const text of [claim?.what ?? '', claim?.why ?? '', claim?.do ?? ''])
        expect(plain(text)).toBe(text);
      for (const { apply, undo } of claim?.fixes ?? [])
        for (const change of [...apply, ...undo])
          if ('run' in change) expect(refusalOfCommand(change.run.argv)).toBeNull();
    });

    it('takes names for data: its commands are the same, whatever things are called', () => {
      const wordsOf = (lab: Lab): string[][] =>
        (examine(row.id, lab)?.fixes ?? []).flatMap(({ apply, undo }) =>
          [...apply, ...undo].flatMap((change) => ('run' in change ? [[...change.run.argv]] : [])),
        );
      const usual = wordsOf(row.lab());
      for (const name of HOSTILE) {
        const odd = wordsOf(renamed(row.lab(), name));
        // A name may decide what is claimed (`docker0`, `eth0`); what is claimed then is another row's.
        if (odd.length !== usual.length) continue;
        const meant = usual.map((argv) => argv.map((word) => renamedText(word, name)));
        for (const [index, argv] of odd.entries())
          if (refusalOfArguments(argv) === null) expect(argv).toEqual(meant[index]);
      }
    });

    if (anyDrop.includes(row.id)) return;
    it('is not claimed when the kernel dropped it elsewhere', () => {
      const lab = dropped(row.lab(), 'TC_INGRESS', 'sch_handle_ingress', 'vetha');
      expect(examine(row.id, lab)).toBeNull();
    });
  });

  it.each(decoys.map((one) => [`${one.id}: ${one.when}`, one] as const))('passes over %s', (_, one) => {
    expect(examine(one.id, one.lab())).toBeNull();
  });
}
