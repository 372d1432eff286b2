/** `rancher_host_info`: whether a host is registered, and in which state. */
import * as z from 'zod';
import { defineAction } from '../module.ts';
import { apiParams, projectParam } from './apiParams.ts';
import { askOrPredict, RancherApi } from './client.ts';
import { hostParams, listHosts, pickHost, shownHost } from './hosts.ts';
import { findProject } from './project.ts';

export const rancherHostInfo = defineAction({
  name: 'rancher_host_info',
  collection: 'drover.rancher',
  summary: 'Look at the hosts of a Rancher project',
  params: z.strictObject({ ...apiParams, ...projectParam, ...hostParams }),
  examples: [
    '- rancher_host_info: { url: "http://rancher:8080", hostname: node1 }\n  register: node\n',
  ],
  returns: {
    exists: 'Whether the host that was asked for is registered.',
    host: 'It: `id`, `hostname`, `uuid`, `state`, `agent_ip`, `labels`; null when there is none.',
    hosts: 'All hosts of the project.',
  },
  checkMode: 'run',
  async run({ target, signal, checkMode }, params) {
    const api = new RancherApi(target, params, signal);
    const ask = async () => listHosts(api, await findProject(api, params.project));
    const hosts = await askOrPredict(checkMode, ask, []);
    const { hostname, agent_ip, uuid, id } = params;
    const isAsked = [hostname, agent_ip, uuid, id].some((name) => name !== undefined);
    const host = isAsked ? pickHost(hosts, params) : undefined;
    const data = { exists: host !== undefined, host: shownHost(host), hosts: hosts.map(shownHost) };
    return { changed: false, data };
  },
});
