/** A name as one library looks it up: its hosts file, the DNS, and the order of what it found. */
import { familyOf } from '../model/ends.ts';
import type { Family } from '../model/flow.ts';
import type { Library, LookUpError, NameQuestion, Outcome } from '../model/look-up.ts';
import { type Ask, typesOf } from './ask.ts';
import { type Configuration, readAsGlibc, readAsMusl, type Surroundings } from './configuration.ts';
import { glibcLookUp } from './glibc.ts';
import { fromHosts } from './hosts.ts';
import { type Found, type MuslOptions, muslLookUp } from './musl.ts';
import { ordered, type SourceOf } from './order.ts';
import { type Source, type Status, sourcesOf } from './sources.ts';

/** The files a library reads, as text; undefined for one that is not there. */
export interface Files {
  readonly resolvConf: string | undefined;
  readonly hosts: string | undefined;
  readonly nsswitch: string | undefined;
}

export interface Setting extends Surroundings {
  readonly files: Files;
  readonly families: readonly Family[];
  readonly sourceOf: SourceOf;
  readonly musl?: MuslOptions;
  /** Under `rotate`, the server that is first. */
  readonly start?: number;
}

export const configurationOf = (
  library: Library,
  setting: Pick<Setting, 'files'> & Surroundings,
): Configuration =>
  library === 'glibc'
    ? readAsGlibc(setting.files.resolvConf ?? '', setting)
    : readAsMusl(setting.files.resolvConf ?? '');

export async function lookUp(library: Library, name: string, setting: Setting, ask: Ask): Promise<Outcome> {
  const sources: readonly Source[] =
    library === 'glibc' ? sourcesOf(setting.files.nsswitch) : sourcesOf('hosts: files dns');
  const questions: NameQuestion[] = [];
  let waited = 0;
  let error: LookUpError = 'no-such-name';
  for (const { service, ends } of sources) {
    const step = await consult(service);
    questions.push(...(step.found?.questions ?? []));
    waited += step.found?.waited ?? 0;
    error = step.found?.error ?? error;
    if (!ends.has(step.status)) continue;
    if (step.status !== 'success') break;
    return {
      library,
      addresses: ordered(step.found!.addresses, setting.sourceOf, library),
      error: null,
      source: service as 'files' | 'dns' | 'myhostname',
      asked: step.found!.asked,
      waited,
      questions,
    };
  }
  return { library, addresses: [], error, source: null, asked: null, waited, questions };

  async function consult(service: string): Promise<{ status: Status; found?: Found }> {
    if (service === 'files') return ofAddresses(fromHosts(setting.files.hosts ?? '', name, library));
    if (service === 'myhostname') return ofAddresses(ownName(name));
    // What else there may be (resolve, mdns4_minimal, ldap) wants a library that containers hardly ever have.
    if (service !== 'dns') return { status: 'unavail' };
    const configuration = configurationOf(library, setting);
    const types = typesOf(setting.families);
    if (library === 'musl') {
      const found = await muslLookUp(name, configuration, types, ask, setting.musl);
      return { status: found.error === null ? 'success' : 'notfound', found };
    }
    const found = await glibcLookUp(name, configuration, types, ask, setting.start);
    if (found.error === null) return { status: 'success', found };
    return { status: found.unavailable ? 'unavail' : 'notfound', found };
  }

  function ofAddresses(all: readonly string[]): { status: Status; found?: Found } {
    const addresses = all.filter((one) => setting.families.includes(familyOf(one)));
    if (addresses.length === 0) return { status: 'notfound' };
    return { status: 'success', found: { addresses, error: null, asked: null, waited: 0, questions: [] } };
  }
}

/** nss-myhostname(8): localhost and its kin are the loopback, whatever else is configured. */
const ownName = (name: string): string[] =>
  /(^|\.)localhost(\.localdomain)?\.?$/i.test(name) ? ['127.0.0.1', '::1'] : [];
