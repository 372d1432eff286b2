import { DroverError } from '../../core/errors.ts';
import type { Source } from '../../core/source.ts';
import { free } from './free.ts';
import { hostPinned } from './hostPinned.ts';
import { linear } from './linear.ts';
import type { Strategy } from './strategy.ts';

const STRATEGIES: readonly Strategy[] = [linear, free, hostPinned];

/** @throws DroverError for a name that no strategy has. `debug` is linear: drover's debugger is a keyword, not a strategy. */
export function strategyByName(name: string, source: Source): Strategy {
  const short = name.replace(/^ansible\.builtin\.|^mitogen_/, '');
  const found = STRATEGIES.find(
    (strategy) => strategy.name === (short === 'debug' ? 'linear' : short),
  );
  if (found !== undefined) return found;
  throw new DroverError(`unknown strategy "${name}"`, {
    code: 'DROVER_UNKNOWN_STRATEGY',
    source,
    hint: `choose one of ${STRATEGIES.map((strategy) => strategy.name).join(', ')}`,
  });
}
