/** `nft add|insert|delete|replace rule|chain|element|table …`. */
import type { Change } from '../../model/fix.ts';
import { run } from '../../model/fix.ts';
import { edits } from '../edits.ts';
import { readTarget, type Target, targetOf } from '../nft.ts';
import { rows, type State } from '../state.ts';
import type { Argv, Observe } from '../subject.ts';

/** One edit at a time: places and handles are read again before the next. */
function restoreChain({ family, table, name }: Target, now: State, wanted: State): Change[] {
  const where = [family, table, name] as const;
  if (wanted.chain === 'absent')
    return now.chain === 'absent'
      ? []
      : [run(['nft', 'flush', 'chain', ...where]), run(['nft', 'delete', 'chain', ...where])];
  if (now.chain === 'absent')
    return [run(['nft', 'add', 'chain', ...where, ...(wanted.type ? [`{ ${wanted.type} }`] : [])])];
  const handles = rows(now['?handles']);
  const [edit] = edits(rows(now.rules), rows(wanted.rules));
  if (edit && 'remove' in edit) {
    const handle = handles[edit.at];
    return handle ? [run(['nft', 'delete', 'rule', ...where, 'handle', handle])] : [];
  }
  if (edit) {
    const next = handles[edit.at];
    return [
      run([
        'nft',
        ...(next ? ['insert', 'rule', ...where, 'handle', next] : ['add', 'rule', ...where]),
        edit.insert,
      ]),
    ];
  }
  const policy = /policy (\w+)/.exec(wanted.type ?? '')?.[1];
  return policy && now.type !== wanted.type ? [run(['nft', 'chain', ...where, `{ policy ${policy}; }`])] : [];
}

/** Tables and sets are written back from their own listing, in one transaction. */
function restoreListing({ kind, family, table, name }: Target, now: State, wanted: State): Change[] {
  const where = kind === 'table' ? [family, table] : [family, table, name];
  if (wanted[kind] === 'absent')
    return now[kind] === 'absent' ? [] : [run(['nft', 'delete', kind, ...where])];
  const clear =
    now[kind] === 'absent' ? '' : `${kind === 'table' ? 'delete table' : 'flush set'} ${where.join(' ')}; `;
  return [run(['nft', `${clear}${wanted.listing ?? ''}`] as Argv)];
}

export default ((argv) => {
  if (argv[0] !== 'nft') return null;
  const target = targetOf(argv);
  if (target === null) return null;
  const { kind, family, table, name } = target;
  return {
    what: kind === 'table' ? `table ${family} ${table}` : `${kind} ${name} of table ${family} ${table}`,
    shared: true,
    read: (look) => readTarget(look, target),
    restore: (now, wanted) => (kind === 'chain' ? restoreChain : restoreListing)(target, now, wanted),
  };
}) satisfies Observe as Observe;
