/** `dnf`: packages of the RPM family. */
import { defineResource } from '../../module.ts';
import { dnfParams, type RpmInput } from './dnfParams.ts';
import { applyRpm, observeRpm, planRpm, rpmResult } from './dnfPlan.ts';

export const RPM_RETURNS = {
  results: 'What was done, one line for each package; with `list` the packages found.',
  rc: "The package manager's exit code.",
  stdout: "The package manager's output.",
  stderr: "The package manager's error output.",
};

export const dnf = defineResource({
  name: 'dnf',
  aliases: ['dnf5'],
  summary: 'Install, upgrade and remove packages on Fedora, RHEL and their kin',
  description: [
    'A converged task costs one query of rpm. Otherwise dnf is asked first what it would do, so that a plan lists every',
    'package with its versions. Check mode may refresh the cache of metadata, as any query of dnf does.',
  ].join(' '),
  params: dnfParams,
  examples: [
    '- dnf: { name: nginx }',
    '- dnf: { name: [httpd, "php >= 8.1"], state: latest, enablerepo: epel }',
    "- dnf: { name: '*', state: latest, security: true }",
    "- dnf: { name: '@Development Tools', exclude: [gcc-gfortran] }",
    '- dnf: { name: https://example.com/agent-1.2.rpm, disable_gpg_check: true }',
    '- dnf: { list: updates }',
  ],
  returns: RPM_RETURNS,
  prepare: (params, controller): RpmInput => ({ ...params, checkMode: controller.checkMode }),
  observe: (input) => observeRpm(input),
  plan: (input, { rpm }) => planRpm(input, rpm),
  apply: (changes, target, input) => applyRpm(changes, target, input),
  result: (input, { rpm }, changes) => rpmResult(input, rpm, changes),
});
