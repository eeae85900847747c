/** Lines of /proc/PID/status, and the label beside it: proc_pid_status(5), proc_pid_attr(5). */
import { plain } from '../../words/text.ts';

/** The value of a line that has one: `CapEff`, `Seccomp`, `NoNewPrivs`. */
export const fieldOf = (status: string, name: string): string | undefined =>
  new RegExp(`^${name}:\\s*(\\S+)$`, 'm').exec(status)?.[1];

/** The last of the four ids of a line is the one that files are opened and made with: proc_pid_status(5). NaN where it is missing. */
export const fileId = (status: string, name: 'Uid' | 'Gid'): number =>
  Number(new RegExp(`^${name}:\\s+\\d+\\s+\\d+\\s+\\d+\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN);

/** Supplementary groups. */
export const groupsOf = (status: string): number[] =>
  (/^Groups:[ \t]*(.*)$/m.exec(status)?.[1]?.match(/\d+/g) ?? []).map(Number);

/** What /proc/PID/attr/current says: the label of AppArmor or SELinux; empty where there is none. */
export const labelIn = (current: string): string => plain(current.replace(/\0/g, '').trim());
