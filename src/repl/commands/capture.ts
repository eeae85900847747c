import { command, wrong } from '../command.ts';

/** Where a filter usually begins. */
const WORDS = ['tcp', 'udp', 'icmp', 'icmp6', 'arp', 'host', 'port', 'not', '--save'];

export default command({
  name: 'capture',
  usage: '[--save FILE.pcapng] [FILTER]',
  group: 'case',
  does: "shows a target's packets at every hop at once, as a tcpdump of all of them",
  more: 'Ctrl-C ends it. FILTER is one of pcap-filter(7): tcp port 443. Headers alone are taken; `netdoctor capture` has more options.',
  slots: (done) => (done.at(-1) === '--save' ? ['file'] : [{ words: WORDS }]),
  run(words, { target }) {
    if (target === null) return wrong(-1, 'No target is chosen.', 'use TARGET chooses one.');
    const save = words.findIndex(({ text }) => text === '--save');
    const file = save < 0 ? null : (words[save + 1]?.text ?? '');
    if (file === '') return wrong(-1, 'Into which file?', 'Type: capture --save web.pcapng');
    const filter = words.filter((_, at) => at > 0 && (save < 0 || (at !== save && at !== save + 1)));
    return { type: 'capture', target, filter: filter.map(({ text }) => text).join(' '), file };
  },
});
