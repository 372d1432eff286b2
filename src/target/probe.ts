/** A read-only question to a host as data, so that many of them travel in one round trip. */
export interface Probe<T> {
  /** A POSIX `sh` script that changes nothing. It runs in a subshell with `args` as `$1…`. */
  readonly script: string;
  readonly args: readonly string[];
  /** The answer, from the script's output. @throws ModuleError when the output makes no sense. */
  parse(output: ProbeOutput): T;
}

export interface ProbeOutput {
  readonly rc: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

// biome-ignore lint/suspicious/noExplicitAny: the element type of a heterogeneous record; `Observed` recovers each.
export type Probes = Readonly<Record<string, Probe<any>>>;

export type Observed<P extends Probes> = {
  readonly [K in keyof P]: P[K] extends Probe<infer T> ? T : never;
};
