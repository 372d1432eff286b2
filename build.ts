/**
 * `npm run build`: declarations by tsc, then the program and the library as bundles, because loading hundreds of small
 * files is what a short run would spend most of its time on. Libraries that are slow to load and seldom needed stay outside.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

// The last one for its licence, which asks for its source beside it.
const OUTSIDE = ['ssh2', 'dockerode', 'jiti', '@metrichor/jmespath'];

/** zod brings its messages in fifty languages, an eighth of the program; drover has messages of its own, and none of zod's but the English. */
const englishOnly: Plugin = {
  name: 'english-only',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ path, kind, resolveDir }) =>
      /\/zod\//.test(`${resolveDir}/`)
        ? resolve(path.replace(/index\.js$/, 'en.js'), { kind, resolveDir })
        : undefined,
    );
  },
};

/**
 * The program uses a part of zod, named through `import * as z`, and the rest is left out of it. A project's own modules may use
 * all: they get the installed package.
 */
const wholeForProjects: Plugin = {
  name: 'whole-for-projects',
  setup({ onResolve }) {
    onResolve({ filter: /^zod$/ }, ({ importer, kind, path }) =>
      kind === 'dynamic-import' || importer.endsWith('/src/modules/authoring.ts')
        ? { path, external: true }
        : undefined,
    );
  },
};

/** What ssh2 compiles when it is installed stays where that is; without it ssh2 does the same in JavaScript. */
const nativeParts: Plugin = {
  name: 'native-parts',
  setup({ onResolve }) {
    onResolve({ filter: /\.node$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path).replace(/^.*\/node_modules\//, ''),
      external: true,
    }));
  },
};

const PLUGINS = [englishOnly, wholeForProjects];

const COMMON: BuildOptions & { metafile: true } = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  outdir: 'dist',
  external: OUTSIDE,
  plugins: PLUGINS,
  metafile: true,
  logLevel: 'warning',
  minifySyntax: true,
  minifyWhitespace: true,
};

const library = await build({
  ...COMMON,
  entryPoints: ['src/index.ts'],
  splitting: true,
  format: 'esm',
  // Libraries in CommonJS ask for Node's own modules by `require`.
  banner: {
    js: "import { createRequire as droverRequire } from 'node:module'; const require = droverRequire(import.meta.url);",
  },
});

/** CommonJS, because that is what V8's compiled code can be kept of in all versions of Node (`compileCache.ts`). */
const SINGLE: typeof COMMON = {
  ...COMMON,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'droverUrl' },
  banner: { js: "const droverUrl = require('node:url').pathToFileURL(__filename).href;" },
};
const program = await build({
  ...SINGLE,
  // Half a megabyte that each run over SSH needs.
  external: [...OUTSIDE.filter((name) => name !== 'ssh2'), 'cpu-features'],
  plugins: [...PLUGINS, nativeParts],
  entryPoints: { program: 'src/start.ts' },
  entryNames: '[name]-[hash]',
});
const [programFile = ''] = Object.keys(program.metafile.outputs);
const entry = await build({
  ...SINGLE,
  entryPoints: ['src/main.ts'],
  define: { ...SINGLE.define, DROVER_PROGRAM: JSON.stringify(basename(programFile)) },
});

const outputs = [library, program, entry].map(({ metafile }) => metafile);
narrow(outputs.flatMap((each) => Object.keys(each.outputs)));
writeFileSync('dist/LICENSES.txt', licenses(outputs.flatMap((each) => Object.keys(each.inputs))));

/**
 * V8 keeps a source in one byte for each character, and in two once a single one is beyond Latin-1: a megabyte more in each run.
 * esbuild escapes them where it can, which is not in regular expressions and in the texts of tagged templates.
 */
function narrow(files: readonly string[]): void {
  for (const file of files) {
    const [wide] = /.{0,60}[^\0-\xff].{0,20}/.exec(readFileSync(file, 'utf8')) ?? [];
    if (wide !== undefined)
      throw new Error(`${file} is kept in two bytes a character for: ${wide}`);
  }
}

/** The licences of what the bundles contain, as they ask. */
function licenses(files: readonly string[]): string {
  const folders = files.flatMap(
    (file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [],
  );
  return [...new Set(folders)].sort().map(licenseOf).join('\n');
}

function licenseOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8');
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n\n${text}`;
}
