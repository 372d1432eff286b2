/** `npm run conformance:jinja -- FILE [--mode native|legacy]`: how many of a file's template cases drover answers alike. */
import { parseArgs } from 'node:util';
import { type ConformanceMode, type Miss, missOf, readCases } from './jinjaCases.ts';

const { values, positionals } = parseArgs({
  options: { mode: { type: 'string' } },
  allowPositionals: true,
});
const [file] = positionals;
if (file === undefined) {
  console.error('usage: npm run conformance:jinja -- FILE [--mode native|legacy]');
  process.exit(1);
}

const cases = readCases(file);
for (const mode of modesOf(values.mode)) report(mode);

function modesOf(name: string | undefined): ConformanceMode[] {
  if (name === undefined) return ['native', 'legacy'];
  if (name === 'native' || name === 'legacy') return [name];
  console.error(`unknown mode "${name}": native or legacy`);
  return process.exit(1);
}

function report(mode: ConformanceMode): void {
  const misses = cases.map((test) => missOf(test, mode)).filter((miss) => miss !== undefined);
  for (const miss of misses) console.log(described(miss));
  console.log(`${mode}: ${cases.length - misses.length}/${cases.length}`);
}

function described({ id, template, expected, actual }: Miss): string {
  return `${id}  ${JSON.stringify(template)}\n  expected ${expected}\n  actual   ${actual}`;
}
