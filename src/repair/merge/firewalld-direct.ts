/** firewalld's direct.xml: rules are added before its end. */
import type { Merge } from '../merge.ts';

export default {
  matches: (file) => file.endsWith('/firewalld/direct.xml'),
  merge(before, fragment) {
    const end = before.lastIndexOf('</direct>');
    if (end < 0) throw new Error('it has no <direct> element');
    const rules = fragment.match(/ *<rule .*<\/rule>/g) ?? [];
    const added = rules.filter((rule) => !before.includes(rule.trim()));
    return `${before.slice(0, end)}${added.map((rule) => `${rule}\n`).join('')}${before.slice(end)}`;
  },
} satisfies Merge as Merge;
