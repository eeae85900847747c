/** What judges and tells. Most of what netdoctor knows stands behind it: it is loaded while other programs work. */
export { document } from './document.ts';
export { reach } from './verdict.ts';
