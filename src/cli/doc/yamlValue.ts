import { fromPlain } from '../../core/values.ts';
import { pythonYaml } from '../../template/filters/yamlWriter.ts';

/** A default or choice as one would write it in a playbook, on one line. */
export function yamlValue(plain: unknown): string {
  const options = { indent: 2, flow: true, sortKeys: false, width: Number.POSITIVE_INFINITY };
  return pythonYaml(fromPlain(plain), options)
    .replace(/\n\.\.\.\n|\n$/, '')
    .trimEnd();
}
