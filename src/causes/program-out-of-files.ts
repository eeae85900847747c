import { raise } from '../fixes/open-files.ts';
import { cause } from '../model/cause.ts';
import { isFull } from '../model/open-files.ts';
import { fromState } from '../words/telling.ts';

export default cause({
  id: 'program-out-of-files',
  title: 'The program may open no further file, and a connection is one',
  explain: `Each connection of a program takes one of the files that it may have open. When all are taken, socket() and accept()
fail with "Too many open files" before any packet leaves, while the network carries everything: another program's connection
passes.

A limit that is too low for the load, or a program that forgets to close what it opened, uses them up.

By hand: \`ls /proc/PID/fd | wc -l\` against "Max open files" of /proc/PID/limits; \`ss -tanp\` shows what they are.`,
  needs: ['openFiles'],
  examine(scene) {
    const { symptom, flow } = scene;
    if (symptom.kind !== 'answered' || flow.from !== 'container') return null;
    const full = scene.openFiles.filter(isFull);
    const [first] = full;
    if (!first) return null;
    const { pid, name, open, soft } = first;
    const others = full.length > 1 ? ` So do ${full.length - 1} more of its processes.` : '';
    return {
      sure: 'proved',
      what: `${name} (pid ${pid}) has ${open} of ${soft} files open, and can open no connection`,
      why: `The probe was answered, since it is no file of that program. Its own socket() fails with "Too many open files" (EMFILE).${others}`,
      do: 'See what it keeps open (ls -l /proc/PID/fd, ss -tanp) and whether it closes what it is done with, or raise its limit (ulimit -n, LimitNOFILE=, --ulimit nofile=).',
      fixes: raise(first),
      evidence: full.map((one) =>
        fromState(`${one.name} (pid ${one.pid}) has ${one.open} files open of the ${one.soft} it may`, [
          'cat',
          `/proc/${one.pid}/limits`,
        ]),
      ),
    };
  },
});
