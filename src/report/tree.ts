/** `drover exec --tree`: the result of each host in a file of its own, as JSON. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../core/events.ts';
import type { Reporter } from './reporter.ts';
import { jsonText } from './resultText.ts';

/** Results may hold what only the owner should read. */
const FILE_MODE = 0o600;

export class TreeReporter implements Reporter {
  readonly #folder: string;

  /** @param folder made when the first result comes. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  handle(event: RunEvent): void {
    if (event.type !== 'hostFinished') return;
    mkdirSync(this.#folder, { recursive: true });
    const { failed: _failed, diff: _diff, ...told } = event.registered;
    const file = join(this.#folder, fileName(event.host));
    writeFileSync(file, jsonText(told), { mode: FILE_MODE });
  }

  async close(): Promise<void> {}
}

/** A host's name cannot lead out of the folder. */
function fileName(host: string): string {
  const name = host.replaceAll('/', '_');
  return name === '.' || name === '..' ? `_${name}` : name;
}
