import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ParamsError } from '../../../src/core/errors.ts';
import { fromPlain, type Value } from '../../../src/core/values.ts';
import { checkArguments, validateArguments, withFreeForm } from '../../../src/modules/arguments.ts';
import { defineAction } from '../../../src/modules/module.ts';
import { anyValue, boolean, integer, list, object, text } from '../../../src/modules/params.ts';

const paint = defineAction({
  name: 'paint',
  summary: 'Paint a wall',
  params: z
    .strictObject({
      wall: text()
        .describe('The wall to paint')
        .meta({ aliases: ['dest', 'name'] }),
      state: z.enum(['painted', 'bare']).default('painted'),
      coats: integer().default(1),
      dry: boolean().default(false),
      colours: list(text()).optional(),
      brush: object({ size: integer() }).optional(),
      note: anyValue().optional(),
    })
    .refine(({ state, colours }) => state === 'painted' || colours === undefined, {
      message: 'a bare wall has no colours',
    }),
  freeForm: 'wall',
  examples: [],
  checkMode: 'run',
  run: () => ({ changed: false }),
});

const remember = defineAction({
  name: 'remember',
  summary: 'Take any names',
  params: z.looseObject({ cacheable: boolean().default(false) }),
  examples: [],
  checkMode: 'run',
  run: () => ({ changed: false }),
});

describe('validateArguments', () => {
  it('resolves aliases, fills in defaults and reads values as playbooks write them', () => {
    expect(
      validateArguments(
        paint,
        args({ dest: 'north', coats: '2', dry: 'yes', colours: 'red, blue' }),
      ),
    ).toEqual({ wall: 'north', coats: 2, dry: true, colours: ['red', 'blue'], state: 'painted' });
  });

  it('takes null for "not given", except where null is a value', () => {
    expect(validateArguments(paint, args({ wall: 'a', coats: null, note: null }))).toEqual({
      wall: 'a',
      coats: 1,
      dry: false,
      note: null,
      state: 'painted',
    });
  });

  it('lets the later of two names for one parameter win', () => {
    expect(validateArguments(paint, args({ dest: 'a', name: 'b' }))).toMatchObject({ wall: 'b' });
  });

  it('hands any names to a module that takes them', () => {
    expect(validateArguments(remember, args({ a: 1, b: null }))).toEqual({
      a: 1,
      b: null,
      cacheable: false,
    });
  });

  it.each([
    [{ wall: 'a', colour: 1 }, 'DROVER_UNKNOWN_ARGUMENT', 'colour', 'did you mean "colours"?'],
    [{}, 'DROVER_MISSING_ARGUMENT', 'wall', 'The wall to paint'],
    [{ wall: null }, 'DROVER_MISSING_ARGUMENT', 'wall', 'The wall to paint'],
    [{ wall: 'a', coats: 'many' }, 'DROVER_INVALID_ARGUMENT', 'coats', undefined],
    [{ dest: ['a'] }, 'DROVER_INVALID_ARGUMENT', 'dest', undefined],
    [{ wall: 'a', brush: { siz: 1 } }, 'DROVER_INVALID_ARGUMENT', 'brush', undefined],
    [
      { wall: 'a', state: 'bare', colours: ['red'] },
      'DROVER_INVALID_ARGUMENT',
      undefined,
      undefined,
    ],
  ])('refuses %j', (given, code, argument, hint) => {
    const error = errorOf(() => validateArguments(paint, args(given)));
    expect({ code: error.code, argument: error.argument, hint: error.hint }).toEqual({
      code,
      argument,
      hint,
    });
  });

  it.each([
    [{ wall: 'a', state: 'gone' }, 'module "paint": argument "state" must be one of painted, bare'],
    [{ wall: 'a', coats: 'x' }, 'module "paint": argument "coats" must be a number'],
    [{ wall: 'a', dry: 'maybe' }, 'module "paint": argument "dry" must be a boolean (yes or no)'],
    [{ dest: ['a'] }, 'module "paint": argument "dest" must be text'],
    [{ wall: 'a', brush: { size: [] } }, 'module "paint": argument "brush.size" must be a number'],
    [{ wall: 'a', state: 'bare', colours: ['x'] }, 'module "paint": a bare wall has no colours'],
  ])('explains %j', (given, message) => {
    expect(errorOf(() => validateArguments(paint, args(given))).message).toBe(message);
  });
});

describe('msg of a failed task', () => {
  it.each([
    [
      { wall: 'a', colour: 1, size: 2 },
      'Unsupported parameters for (paint) module: colour, size. Supported parameters include: brush, coats, colours, dry, note, state, wall.',
    ],
    [{}, 'missing required arguments: wall'],
    [{ wall: 'a', state: 'gone' }, 'value of state must be one of: painted, bare'],
    [{ wall: 'a', coats: 'x' }, "argument 'coats': we were unable to convert to int or float"],
    [{ wall: 'a', state: 'bare', colours: ['x'] }, 'a bare wall has no colours'],
  ])('for %j is in the form that playbooks compare with', (given, message) => {
    const error = errorOf(() => validateArguments(paint, args(given)));
    expect(error.resultMessage).toBe(message);
  });
});

describe('checkArguments', () => {
  it('finds every wrong name and literal at once', () => {
    const errors = checkArguments(paint, {
      literals: args({ coats: 'x', size: 1 }),
      templated: new Set(['collours']),
    });
    expect(errors.map(({ code, argument }) => [code, argument])).toEqual([
      ['DROVER_UNKNOWN_ARGUMENT', 'size'],
      ['DROVER_UNKNOWN_ARGUMENT', 'collours'],
      ['DROVER_MISSING_ARGUMENT', 'wall'],
      ['DROVER_INVALID_ARGUMENT', 'coats'],
    ]);
  });

  it('says nothing about the value of a template, nor about what another template may bring', () => {
    const literals = args({ state: 'bare' });
    expect(checkArguments(paint, { literals, templated: new Set(['dest', 'colours']) })).toEqual(
      [],
    );
    expect(checkArguments(paint, { literals, templated: new Set(), hasMore: true })).toEqual([]);
  });

  it('applies rules about several arguments when all are literals', () => {
    const literals = args({ wall: 'a', state: 'bare', colours: 'red' });
    const [error] = checkArguments(paint, { literals, templated: new Set() });
    expect(error?.message).toBe('module "paint": a bare wall has no colours');
  });
});

describe('withFreeForm', () => {
  it('gives the text to the parameter that takes it, unless that is named', () => {
    expect(withFreeForm(paint, args({ coats: 1 }), 'north')).toEqual(
      args({ wall: 'north', coats: 1 }),
    );
    expect(withFreeForm(paint, args({ wall: 'south' }), 'north')).toEqual(args({ wall: 'south' }));
  });

  it('refuses text for a module that takes none', () => {
    expect(errorOf(() => withFreeForm(remember, args({}), 'x')).message).toBe(
      'module "remember" takes no text',
    );
  });
});

function args(plain: Readonly<Record<string, unknown>>): Map<string, Value> {
  return new Map(Object.entries(plain).map(([name, value]) => [name, fromPlain(value)]));
}

function errorOf(action: () => unknown): ParamsError {
  try {
    action();
  } catch (error) {
    if (error instanceof ParamsError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
