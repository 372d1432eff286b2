/** `rancher_registration_token`: the token that agents register hosts with. One per project is enough for any number of hosts. */
import * as z from 'zod';
import type { Change } from '../../core/results.ts';
import { defineResource } from '../module.ts';
import { seconds } from '../params.ts';
import { apiParams, projectParam } from './apiParams.ts';
import { askOrPredict, RancherApi, type Resource } from './client.ts';
import { findProject, inProject } from './project.ts';
import { failedTransition, type Look, POLL_MS, stateText, waitFor } from './waiting.ts';

const params = z.strictObject({
  ...apiParams,
  ...projectParam,
  wait_timeout: seconds().default(60_000).describe('Seconds to wait for a new token to be active.'),
});
type Params = z.output<typeof params>;

interface Answers {
  /** An active token, if there is one. */
  readonly token: Resource | undefined;
}

export const rancherRegistrationToken = defineResource({
  name: 'rancher_registration_token',
  collection: 'drover.rancher',
  summary: 'See that a project has an active registration token, and read it',
  params,
  examples: ['- rancher_registration_token: { url: "http://rancher:8080" }\n  register: token\n'],
  returns: {
    registration_token:
      'The token: `id`, `token`, `image` of the agent, `registration_url`, and the `command` that Rancher shows.',
  },
  observe: () => ({}),
  observeWith(target, input, _state, { signal, checkMode }): Promise<Answers> {
    const api = new RancherApi(target, input, signal);
    const ask = async (): Promise<Answers> => {
      const tokens = await api.list(await tokensPath(api, input), 'list the registration tokens');
      return { token: tokens.find(isUsable) };
    };
    return askOrPredict(checkMode, ask, { token: undefined });
  },
  plan: (input, { token }) => planToken(input, token),
  async apply(_changes, target, input, { controller, signal }) {
    const api = new RancherApi(target, input, signal);
    const doing = 'make a registration token';
    const path = await tokensPath(api, input);
    const { id } = await api.post(path, { type: 'registrationToken' }, doing);
    const subject = `registration token ${id}`;
    const patience = { limitMs: input.wait_timeout, pauseMs: POLL_MS, subject, goal: 'active' };
    const look = async (): Promise<Look<Resource>> => {
      const token = await api.get(`${path}/${id}`, `read ${subject}`);
      const failure = failedTransition(token, subject);
      if (failure !== undefined) throw failure;
      return isUsable(token)
        ? { isDone: true, value: token }
        : { isDone: false, seen: stateText(token) };
    };
    const token = await waitFor({ controller, signal }, patience, look);
    return { registration_token: shownToken(token) };
  },
  result: (_input, { token }) => ({ registration_token: shownToken(token) }),
});

async function tokensPath(api: RancherApi, { project }: Params): Promise<string> {
  return inProject(await findProject(api, project), '/registrationtokens');
}

/** Active ones have all that an agent needs; the server fills it in last. */
function isUsable(token: Resource): boolean {
  return token.state === 'active' && Boolean(token['registrationUrl']) && Boolean(token['image']);
}

export function planToken({ project }: Params, token: Resource | undefined): readonly Change[] {
  if (token !== undefined) return [];
  const what = `registration token of project ${project}`;
  return [{ what, before: 'none active', after: 'active', operation: undefined }];
}

/** The same keys whether there is one or not, so that check mode can go on. */
function shownToken(token: Resource | undefined) {
  const textOf = (key: string) => String(token?.[key] ?? '');
  return {
    id: token?.id ?? '',
    state: token?.state ?? 'unknown',
    token: textOf('token'),
    image: textOf('image'),
    registration_url: textOf('registrationUrl'),
    command: textOf('command'),
  };
}
