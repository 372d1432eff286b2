/** For commands that touch no host: settings, inventory and templates, loaded; warnings go to standard error. */
import type { Warning } from '../core/errors.ts';
import { Registry } from '../modules/registry.ts';
import { describeWarning } from '../source/codeFrame.ts';
import { nodeFiles } from '../source/files.ts';
import { SourceTexts } from '../source/sourceTexts.ts';
import type { ModeName } from '../template/evaluate/resultMode.ts';
import { Project } from './project.ts';
import type { RunFlags } from './runFlags.ts';
import type { RunRequest } from './runRequest.ts';
import { runSetup } from './runSettings.ts';
import type { World } from './world.ts';

export interface OpenProject {
  readonly project: Project;
  readonly request: RunRequest;
}

/** A project without playbooks. @param mode of templates, instead of what settings say. @throws LoadErrors for wrong settings or a wrong inventory. */
export async function openProject(
  flags: RunFlags,
  world: World,
  mode?: ModeName,
): Promise<OpenProject> {
  const { request: given, loaded } = await runSetup([], flags, world);
  const request = mode === undefined ? given : { ...given, templateMode: mode };
  const warn = warningsTo(world);
  for (const warning of loaded.warnings) warn(warning);
  const registry = new Registry([]);
  const services = { registry, world, warn, addSecret: () => undefined };
  const project = await Project.open(request, services);
  return { project, request };
}

/** Writes each warning once. */
export function warningsTo(world: World): (warning: Warning) => void {
  const texts = new SourceTexts(nodeFiles, world.cwd);
  const told = new Set<string>();
  return (warning) => {
    const text = describeWarning(warning, texts);
    if (!told.has(text)) world.stderr.write(`${text}\n`);
    told.add(text);
  };
}
