/** `rancher_project_info`: a project by name or id, and all that there are. */
import * as z from 'zod';
import { defineAction } from '../module.ts';
import { seconds, text } from '../params.ts';
import { apiParams } from './apiParams.ts';
import { askOrPredict, RancherApi, type Resource } from './client.ts';
import { listProjects, oneProject } from './project.ts';
import { POLL_MS, stateText, waitFor } from './waiting.ts';

export const rancherProjectInfo = defineAction({
  name: 'rancher_project_info',
  collection: 'drover.rancher',
  summary: 'Look at the projects (environments) of a Rancher server',
  params: z.strictObject({
    ...apiParams,
    name: text().default('Default').describe('Name of the project that `project` shall be.'),
    id: text().optional().describe('Its id, instead of the name.'),
    wait_timeout: seconds()
      .default(60_000)
      .describe('Seconds to wait until there is a project at all and it is active.'),
  }),
  examples: ['- rancher_project_info: { url: "http://rancher:8080" }\n  register: environment\n'],
  returns: {
    project: 'The project: `id`, `name`, `state` and all that Rancher says of it.',
    projects: 'All projects that may be seen.',
  },
  checkMode: 'run',

  async run({ target, controller, signal, checkMode }, params) {
    const api = new RancherApi(target, params, signal);
    const wanted = params.id ?? params.name;
    const patience = {
      limitMs: checkMode ? 0 : params.wait_timeout,
      pauseMs: POLL_MS,
      subject: `project ${wanted}`,
      goal: 'active',
    };
    const look = async () => {
      const projects = await listProjects(api);
      if (projects.length === 0) return { isDone: false, seen: 'there is no project yet' } as const;
      const project = oneProject(projects, wanted);
      const seen = stateText(project);
      return project.state === 'active'
        ? ({ isDone: true, value: { project, projects } } as const)
        : ({ isDone: false, seen } as const);
    };
    const data = await askOrPredict(
      checkMode,
      () => waitFor({ controller, signal }, patience, look),
      { project: unknownProject(params), projects: [] },
    );
    return { changed: false, data };
  },
});

/** What check mode tells while there is no server. */
function unknownProject({
  id,
  name,
}: {
  readonly id?: string | undefined;
  readonly name: string;
}): Resource {
  return { id: id ?? '', type: 'project', name, state: 'unknown' };
}
