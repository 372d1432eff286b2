/** A client of `yaml-language-server`, as an editor is one: opens documents, is told what is wrong, asks for completions. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly [key: string]: unknown };
  readonly result?: unknown;
}

export interface Problem {
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

interface Diagnostic {
  readonly range: { readonly start: { readonly line: number } };
  readonly message: string;
}

export class LanguageServer implements Disposable {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers = new Map<number, (result: unknown) => void>();
  readonly #problems = new Map<string, (problems: readonly Problem[]) => void>();
  readonly #schemas: Readonly<Record<string, string>>;
  #configured: () => void = () => undefined;
  #unread = Buffer.alloc(0);
  #lastId = 0;

  /** @param schemas file patterns by the path of the schema, as editors have them in their settings. */
  constructor(schemas: Readonly<Record<string, string>>) {
    const files = Object.entries(schemas).map(([path, pattern]) => [
      pathToFileURL(path).href,
      pattern,
    ]);
    this.#schemas = Object.fromEntries(files);
    const program = createRequire(import.meta.url).resolve(
      'yaml-language-server/bin/yaml-language-server',
    );
    this.#process = spawn(process.execPath, [program, '--stdio']);
    this.#process.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  async start(): Promise<void> {
    const textDocument = { completion: { completionItem: { snippetSupport: false } } };
    const isConfigured = new Promise<void>((resolve) => {
      this.#configured = resolve;
    });
    const capabilities = { workspace: { configuration: true }, textDocument };
    await this.#ask('initialize', { processId: process.pid, rootUri: null, capabilities });
    this.#send({ method: 'initialized', params: {} });
    // What is opened before it knows the schemas is well by all of them.
    await isConfigured;
  }

  /** What is wrong with a document. */
  open(uri: string, text: string): Promise<readonly Problem[]> {
    const told = new Promise<readonly Problem[]>((resolve) => this.#problems.set(uri, resolve));
    const textDocument = { uri, languageId: 'yaml', version: 1, text };
    this.#send({ method: 'textDocument/didOpen', params: { textDocument } });
    return told;
  }

  /** Labels offered at a place, 0-based. */
  async completions(uri: string, line: number, character: number): Promise<readonly string[]> {
    const place = { textDocument: { uri }, position: { line, character } };
    const result = (await this.#ask('textDocument/completion', place)) as {
      items: { label: string }[];
    };
    return result.items.map(({ label }) => label);
  }

  [Symbol.dispose](): void {
    this.#process.kill();
  }

  #ask(method: string, params: Message['params']): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<unknown>((resolve) => this.#answers.set(id, resolve));
    this.#send({ id, method, params: params ?? {} });
    return answer;
  }

  #send(message: Message): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #take(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    for (;;) {
      const end = this.#unread.indexOf('\r\n\r\n');
      const length = Number(
        /Content-Length: (\d+)/.exec(this.#unread.subarray(0, end).toString())?.[1],
      );
      if (end === -1 || this.#unread.length < end + 4 + length) return;
      const text = this.#unread.subarray(end + 4, end + 4 + length).toString();
      this.#unread = this.#unread.subarray(end + 4 + length);
      this.#handle(JSON.parse(text) as Message);
    }
  }

  #handle({ id, method, params, result }: Message): void {
    if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = params as { uri: string; diagnostics: Diagnostic[] };
      const problems = diagnostics.map(({ range, message }) => ({
        line: range.start.line + 1,
        message,
      }));
      this.#problems.get(uri)?.(problems);
    } else if (method !== undefined && id !== undefined) {
      this.#send({
        id,
        result: method === 'workspace/configuration' ? this.#configuration(params) : null,
      });
      if (method === 'workspace/configuration') this.#configured();
    } else if (id !== undefined) {
      this.#answers.get(id)?.(result);
    }
  }

  #configuration(params: Message['params']): unknown {
    const { items } = params as { items: { section?: string }[] };
    const yaml = { validate: true, completion: true, schemas: this.#schemas };
    return items.map(({ section }) => (section === 'yaml' ? yaml : {}));
  }
}
