/** `yum`: the packages of older members of the RPM family, and of the newer ones by their old name. */
import { defineResource } from '../../module.ts';
import { RPM_RETURNS } from './dnf.ts';
import { type RpmInput, yumParams } from './dnfParams.ts';
import { applyRpm, observeRpm, planRpm, rpmResult } from './dnfPlan.ts';

export const yum = defineResource({
  name: 'yum',
  summary:
    'Install, upgrade and remove packages with yum, or with dnf where that has taken its place',
  params: yumParams,
  examples: [
    '- yum: { name: [httpd, mod_ssl], state: present }',
    '- yum: { name: docker-ce-20.10*, enablerepo: docker-ce-stable, update_cache: true }',
    '- yum: { name: kernel, state: latest, exclude: kernel-debug }',
  ],
  returns: RPM_RETURNS,
  prepare: (params, controller): RpmInput => ({ ...params, checkMode: controller.checkMode }),
  observe: (input) => observeRpm(input),
  plan: (input, { rpm }) => planRpm(input, rpm),
  apply: (changes, target, input) => applyRpm(changes, target, input),
  result: (input, { rpm }, changes) => rpmResult(input, rpm, changes),
});
