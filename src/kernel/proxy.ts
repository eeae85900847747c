/** What proxy variables of an environment mean for a flow. */
import { withoutPort } from '../model/ends.ts';
import type { Flow } from '../model/flow.ts';
import { within } from './nat.ts';

type Variables = Readonly<Record<string, string>>;

export interface ProxyFound {
  readonly variable: string;
  readonly value: string;
  /** The flow itself goes to the proxy. */
  readonly isDestination: boolean;
}

/** Host and port of a proxy; null for what is no address of one. */
export const endpointOf = (value: string): { host: string; port: number } | null => {
  try {
    const url = new URL(value.includes('://') ? value : `http://${value}`);
    const port = url.port ? Number(url.port) : url.protocol === 'https:' ? 443 : 80;
    return { host: url.hostname.replace(/^\[|\]$/g, ''), port };
  } catch {
    return null;
  }
};

/** The variable that a program would obey for this flow; credentials in it are not shown. */
export function proxyFor(variables: Variables, flow: Flow): ProxyFound | undefined {
  for (const [variable, value] of Object.entries(variables)) {
    const name = variable.toLowerCase();
    const end = /^(http|https|all)_proxy$/.test(name) ? endpointOf(value) : null;
    if (!end) continue;
    const shown = value.replace(/\/\/[^/@]*@/, '//');
    if (end.port === flow.port && (end.host === flow.address || end.host === flow.to))
      return { variable, value: shown, isDestination: true };
    const scheme = flow.port === 443 || flow.port === 8443 ? 'https_proxy' : 'http_proxy';
    const web = [80, 443, 8000, 8080, 8443].includes(flow.port ?? 0);
    if (web && (name === scheme || name === 'all_proxy'))
      return { variable, value: shown, isDestination: false };
  }
  return undefined;
}

/** Does no_proxy exempt this destination? */
export function noProxyCovers(variables: Variables, flow: Flow): boolean {
  const list = Object.entries(variables).find(([name]) => name.toLowerCase() === 'no_proxy')?.[1] ?? '';
  const host = withoutPort(flow.to);
  return list.split(',').some((entry) => {
    const rule = entry.trim().replace(/^\*?\./, '');
    if (rule === '') return false;
    if (rule === '*' || rule === flow.address || rule === host || host.endsWith(`.${rule}`)) return true;
    try {
      return rule.includes('/') && within(flow.address, rule);
    } catch {
      return false;
    }
  });
}
