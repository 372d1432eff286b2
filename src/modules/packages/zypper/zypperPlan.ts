/** What zypper's answers come to. */
import type { CommandOutput } from '../../scriptOutput.ts';
import {
  checkManager,
  type ManagerChange,
  type ManagerState,
  type ManagerStep,
  stepChange,
} from '../managerWork.ts';
import { globalOptions, localOptions, operationOf, type ZypperParams } from './zypperParams.ts';

/** @throws ModuleError when zypper refuses. */
export function planZypper(given: ZypperParams, state: ManagerState): readonly ManagerChange[] {
  checkManager('zypper', withoutInformation(state));
  const command = ['zypper', '--non-interactive', ...globalOptions(given), ...localOptions(given)];
  const words = operationOf(given) === 'all' ? [] : ['--', ...state.pending];
  const steps = zypperSteps(state.simulation?.stdout ?? '');
  return steps.map((step) => stepChange(step, [[...command, ...words]]));
}

/** Codes from 100 on only inform: updates are needed, a reboot, a restart; 104 is a name that nobody knows. */
function withoutInformation(state: ManagerState): ManagerState {
  const { simulation } = state;
  if (simulation === undefined || simulation.rc < 100 || simulation.rc === 104) {
    return { ...state, simulation: simulation && { ...simulation, stderr: messages(simulation) } };
  }
  return { ...state, simulation: { ...simulation, rc: 0 } };
}

/** Errors stand in the XML. */
function messages({ stdout, stderr }: CommandOutput): string {
  const errors = [...stdout.matchAll(/<message type="error">([^<]*)<\/message>/g)];
  return errors.length === 0
    ? stderr
    : errors.map(([, message = '']) => `error: ${plainText(message)}`).join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&apos;': "'",
  '&quot;': '"',
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
};

function plainText(xml: string): string {
  return xml.replaceAll(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity);
}

const PARTS =
  /<to-(install|upgrade|downgrade|reinstall|remove|change-version|change-arch)>([\s\S]*?)<\/to-\1>/g;

/** The solvables of the XML that `--dry-run` prints. Tried with zypper 1.14.42. */
export function zypperSteps(xml: string): ManagerStep[] {
  return [...xml.matchAll(PARTS)].flatMap(([, part, content = '']) =>
    [...content.matchAll(/<solvable\s([^>]*?)\/?>/g)].map(([, attributes = '']) => {
      const value = (name: string) =>
        new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];
      const edition = value('edition');
      const isGone = part === 'remove';
      const old = part === 'reinstall' ? edition : value('edition-old');
      return {
        name: value('name') ?? '',
        from: isGone ? edition : old,
        to: isGone ? undefined : edition,
      };
    }),
  );
}
