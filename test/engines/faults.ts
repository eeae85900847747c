/** The commonest faults, each in one file for all engines: a step finds the parts of the container's way by name. */
import { join } from 'node:path';
import { readScenarios, type Scenario } from '../lab/scenario-file.ts';
import { kinds } from './kinds.ts';

const FOLDER = join(import.meta.dirname, 'faults');

/** Them all, to be played on this engine. `daemon` is Docker's daemon.json, as JSON. @throws where there is no such engine */
export function faultsOn(name: string, daemon = '{}'): Scenario[] {
  const engine = kinds.find((kind) => kind.engine === name)?.engine;
  if (!engine)
    throw new Error(`There is no engine "${name}": ${kinds.map((kind) => kind.engine).join(', ')}.`);
  return readScenarios(FOLDER, engine).map((scenario) => ({
    ...scenario,
    daemon: { ...scenario.daemon, ...JSON.parse(daemon) },
  }));
}
