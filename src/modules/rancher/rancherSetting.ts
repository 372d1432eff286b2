/** `rancher_setting`: a setting of the server, e.g. `api.host`. */
import * as z from 'zod';
import type { Change } from '../../core/results.ts';
import { defineResource } from '../module.ts';
import { seconds, text } from '../params.ts';
import { apiParams } from './apiParams.ts';
import { askOrPredict, RancherApi, type Resource } from './client.ts';
import { type Look, POLL_MS, waitFor } from './waiting.ts';

const params = z.strictObject({
  ...apiParams,
  name: text().describe('Name of the setting, e.g. api.host.'),
  value: text().describe('What it shall be.'),
  wait_timeout: seconds().default(60_000).describe('Seconds to wait until the server uses it.'),
});
type Params = z.output<typeof params>;

export const rancherSetting = defineResource({
  name: 'rancher_setting',
  collection: 'drover.rancher',
  summary: 'Change a setting of a Rancher server',
  params,
  examples: [
    '- rancher_setting: { url: "http://rancher:8080", name: api.host, value: "http://lb" }',
  ],
  returns: { setting: 'The setting: `name`, `value`, `active_value`, `source`.' },
  observe: () => ({}),
  async observeWith(target, input, _state, { signal, checkMode }) {
    const api = new RancherApi(target, input, signal);
    const setting = await askOrPredict(checkMode, () => read(api, input.name), undefined);
    return { setting };
  },
  plan: (input, { setting }) => planSetting(input, setting),
  async apply(_changes, target, input, { controller, signal }) {
    const api = new RancherApi(target, input, signal);
    const { name, value } = input;
    await api.put(`/settings/${name}`, { value }, `change the setting ${name}`);
    const subject = `setting ${name}`;
    const patience = { limitMs: input.wait_timeout, pauseMs: POLL_MS, subject, goal: `"${value}"` };
    const look = async (): Promise<Look<Resource>> => {
      const setting = await read(api, name);
      const active = activeValue(setting);
      return active === value
        ? { isDone: true, value: setting }
        : { isDone: false, seen: `it is "${active}"` };
    };
    return { setting: shownSetting(await waitFor({ controller, signal }, patience, look)) };
  },
  result: ({ name }, { setting }) => ({
    setting: setting === undefined ? { name } : shownSetting(setting),
  }),
});

/** A name that nobody set yet answers too, with a null value. */
function read(api: RancherApi, name: string): Promise<Resource> {
  return api.get(`/settings/${name}`, `read the setting ${name}`);
}

function activeValue(setting: Resource | undefined): string {
  return String(setting?.['activeValue'] ?? '');
}

export function planSetting(
  { name, value }: Params,
  setting: Resource | undefined,
): readonly Change[] {
  const before = activeValue(setting);
  return before === value
    ? []
    : [{ what: `setting ${name}`, before, after: value, operation: undefined }];
}

function shownSetting(setting: Resource) {
  const { name, value, source } = setting;
  return { name, value, active_value: activeValue(setting), source };
}
