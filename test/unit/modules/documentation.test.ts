import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { moduleDoc } from '../../../src/modules/documentation.ts';
import { defineAction } from '../../../src/modules/module.ts';
import {
  boolean,
  dict,
  fileMode,
  integer,
  list,
  object,
  seconds,
  text,
} from '../../../src/modules/params.ts';

const Params = z.strictObject({
  path: text()
    .describe('Where.')
    .meta({ aliases: ['dest'] }),
  mode: fileMode().optional().describe('Mode.'),
  state: z.enum(['on', 'off']).default('on').describe('State.'),
  wait: seconds().default(30_000).describe('Wait.'),
  flag: boolean().default(false).describe('Flag.'),
  sizes: list(integer()).default([]).describe('Sizes.'),
  env: dict(text()).optional().describe('Env.'),
  mounts: list(object({ source: text().describe('Source.'), ro: boolean().default(true) }))
    .optional()
    .describe('Mounts.'),
});

const sample = defineAction({
  name: 'sample',
  collection: 'my.own',
  aliases: ['other'],
  summary: 'Do something',
  params: Params,
  freeForm: 'path',
  examples: ['- sample: x'],
  returns: { rc: 'Code.' },
  checkMode: 'skip',
  run: () => ({ changed: false }),
});

const plain = { aliases: [], isRequired: false, choices: [], default: undefined, suboptions: [] };

describe('moduleDoc', () => {
  it('tells names and check mode', () => {
    const { parameters: _parameters, ...rest } = moduleDoc(sample);
    expect(rest).toEqual({
      name: 'sample',
      fullName: 'my.own.sample',
      otherNames: ['other', 'my.own.other'],
      summary: 'Do something',
      description: undefined,
      checkMode: 'is skipped',
      freeForm: 'path',
      isOpen: false,
      examples: ['- sample: x'],
      returns: { rc: 'Code.' },
    });
  });

  it('tells parameters as authors write them', () => {
    expect(moduleDoc(sample).parameters).toEqual([
      {
        ...plain,
        name: 'path',
        aliases: ['dest'],
        isRequired: true,
        type: 'text',
        description: 'Where.',
      },
      { ...plain, name: 'mode', type: 'text', description: 'Mode.' },
      {
        ...plain,
        name: 'state',
        type: 'text',
        choices: ['on', 'off'],
        default: 'on',
        description: 'State.',
      },
      { ...plain, name: 'wait', type: 'number', default: 30, description: 'Wait.' },
      { ...plain, name: 'flag', type: 'boolean', default: false, description: 'Flag.' },
      { ...plain, name: 'sizes', type: 'list of integer', default: [], description: 'Sizes.' },
      { ...plain, name: 'env', type: 'dict of text', description: 'Env.' },
      {
        ...plain,
        name: 'mounts',
        type: 'list of dict',
        description: 'Mounts.',
        suboptions: [
          { ...plain, name: 'source', isRequired: true, type: 'text', description: 'Source.' },
          { ...plain, name: 'ro', type: 'boolean', default: true, description: '' },
        ],
      },
    ]);
  });
});
