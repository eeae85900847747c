/** A process of an ordinary user that says it is podman's monitor, where nobody but the netdoctor under test meets it. */
import { program } from '../lab/lab-network.ts';

const ID = 'ab'.repeat(32);

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * A shell script: in a pid and mount namespace of its own, a `conmon` of user 1000 without capabilities claims a
 * container of that name and pid file (/run/user/1000/pid names itself, /run/user/1000/fifo is a FIFO); then `work` runs, in which `netdoctor` is the built program.
 */
export function besideStranger(claim: { name: string; pidFile: string }, work: string): string {
  const inside = `
    mount -t tmpfs none /run/user && install -d -o 1000 -g 1000 /run/user/1000 && mkfifo -m 666 /run/user/1000/fifo || exit 90
    mount -t tmpfs none /mnt && cp /bin/bash /mnt/conmon || exit 91
    netdoctor() { timeout -s KILL 20 ${quoted(program)} "$@"; }
    ${ID}() { sleep 60; :; }
    export -f ${ID}
    setpriv --reuid=1000 --regid=1000 --clear-groups --bounding-set=-all \\
      /mnt/conmon -c ${ID} -n ${quoted(claim.name)} -p ${quoted(claim.pidFile)} &
    stranger=$!
    until [ "$(cat /proc/$stranger/comm)" = conmon ]; do kill -0 $stranger || exit 92; sleep 0.05; done
    install -o 1000 -g 1000 <(echo $stranger) /run/user/1000/pid
    ${work}`;
  return `exec unshare --pid --fork --kill-child --mount --mount-proc bash -c ${quoted(inside)}`;
}
