/** What npm says about a project or the whole host, as data. Tried with npm 9 and 11. */
import * as z from 'zod';
import { sectionsOf } from '../../scriptOutput.ts';

export interface NpmState {
  readonly hasTool: boolean;
  /** The directory of the project does not exist. */
  readonly isNew: boolean;
  readonly hasModules: boolean;
  /** Versions by name. */
  readonly installed: ReadonlyMap<string, string>;
  /** Dependencies of package.json that are not there, or not in the version that it asks for. */
  readonly missing: readonly string[];
  /** The version to update to, by name. */
  readonly outdated: ReadonlyMap<string, string>;
  /** What the asked range or tag stands for in the registry. */
  readonly resolved: string | undefined;
}

const Dependency = z.object({
  version: z.string().optional(),
  missing: z.boolean().optional(),
  invalid: z.union([z.string(), z.boolean()]).optional(),
});
const Listing = z.object({ dependencies: z.record(z.string(), Dependency).default({}) });
const Outdated = z.record(
  z.string(),
  z.object({
    current: z.string().optional(),
    wanted: z.string().optional(),
    latest: z.string().optional(),
  }),
);
const Resolved = z.union([z.string(), z.array(z.string())]);

export function npmStateOf(output: string): NpmState {
  const sections = sectionsOf(output);
  const { dependencies } = Listing.parse(jsonOf(sections.get('list')) ?? {});
  const entries = Object.entries(dependencies);
  const isThere = ({ missing }: z.output<typeof Dependency>) => missing !== true;
  const isRight = ({ missing, invalid }: z.output<typeof Dependency>) =>
    missing !== true && (invalid === undefined || invalid === false || invalid === '');
  return {
    hasTool: true,
    isNew: sections.has('nofolder'),
    hasModules: sections.has('modules'),
    installed: new Map(
      entries.filter(([, each]) => isThere(each)).map(([name, each]) => [name, each.version ?? '']),
    ),
    missing: entries.filter(([, each]) => !isRight(each)).map(([name]) => name),
    outdated: outdatedOf(sections.get('outdated')),
    resolved: newest(sections.get('resolved')),
  };
}

/** `wanted` is what `npm update` brings; of a package for the whole host that is the latest. */
function outdatedOf(text: string | undefined): ReadonlyMap<string, string> {
  const entries = Object.entries(Outdated.parse(jsonOf(text) ?? {}));
  return new Map(
    entries.flatMap(([name, { current, wanted }]) =>
      wanted === undefined || wanted === current ? [] : [[name, wanted] as const],
    ),
  );
}

/** A range gives all its versions, the newest last. */
function newest(text: string | undefined): string | undefined {
  const parsed = Resolved.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  return typeof parsed.data === 'string' ? parsed.data : parsed.data.at(-1);
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined || text.trim() === '' ? undefined : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
