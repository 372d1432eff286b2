/**
 * `npm run build`: declarations by tsc, then the program and the library as bundles, because loading hundreds of small
 * files is what a short run would spend most of its time on. Libraries that are slow to load and seldom needed stay outside.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';

// The last one for its licence, which asks for its source beside it.
const OUTSIDE = ['ssh2', 'dockerode', 'jiti', '@metrichor/jmespath'];

const { metafile } = await build({
  entryPoints: ['src/main.ts', 'src/index.ts'],
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  outdir: 'dist',
  external: OUTSIDE,
  metafile: true,
  logLevel: 'warning',
  minifySyntax: true,
  minifyWhitespace: true,
  // Libraries in CommonJS ask for Node's own modules by `require`.
  banner: {
    js: "import { createRequire as droverRequire } from 'node:module'; const require = droverRequire(import.meta.url);",
  },
});
writeFileSync('dist/LICENSES.txt', licenses(metafile));

/** The licences of what the bundles contain, as they ask. */
function licenses({ inputs }: Metafile): string {
  const folders = Object.keys(inputs).flatMap(
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
