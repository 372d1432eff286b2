/** `docker_container`: a container as it is asked for, compared option by option. The parts are in `container/`. */
import { defineResource } from '../module.ts';
import { applyContainer } from './container/apply.ts';
import { waitUntilHealthy } from './container/health.ts';
import { hostProbes, observeContainer, wantedOf } from './container/observe.ts';
import { params } from './container/params.ts';
import { planContainer } from './container/plan.ts';

export const dockerContainer = defineResource({
  name: 'docker_container',
  collection: 'community.docker',
  aliases: ['community.general.docker_container', 'ansible.builtin.docker_container'],
  summary: 'Create, change, start, stop and remove containers',
  description:
    'Only options that are given are compared, after the defaults of the image. Settings that the Engine can change in place (memory, processors, restart policy, networks) do not replace the container.',
  params,
  examples: [
    `- docker_container:
    name: web
    image: nginx:1.25
    ports: ["80:80"]
    restart_policy: unless-stopped
`,
    `- docker_container:
    name: database
    image: mysql:5.7
    env: { MYSQL_ROOT_PASSWORD: "{{ password }}" }
    volumes: ["data:/var/lib/mysql"]
    healthcheck: { test: [CMD, mysqladmin, ping], interval: 5s }
    state: healthy
`,
    '- docker_container: { name: web, state: absent }',
  ],
  returns: {
    container: 'The container as the Engine shows it.',
    status: 'Exit status, with `detach: false`.',
    output: 'What the container wrote, with `detach: false`.',
  },
  observe: (input) => hostProbes(input),
  observeWith: (target, input, _state, context) => observeContainer(target, input, context),
  plan: (input, state) => planContainer(wantedOf(input, state), state),
  apply: (changes, target, input, context) => applyContainer(changes, target, input, context),
  result: (_input, { container }) => (container === undefined ? {} : { container }),
  settle: async (target, input, context) =>
    input.state === 'healthy' ? waitUntilHealthy(target, input, context) : undefined,
});
