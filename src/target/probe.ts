/** A read-only question to a host as data, so that many of them travel in one round trip. */
export interface Probe<T> {
  /** A POSIX `sh` script that changes nothing. It runs in a subshell with `args` as `$1…`. An empty one is not asked. */
  readonly script: string;
  readonly args: readonly string[];
  /**
   * The script takes the arguments of several probes in a row, each with as many as this one, and calls `answered` between its
   * answers: what starts a program for each can then start one for all.
   */
  readonly takesMany?: true;
  /** What many questions need, and what stays the same while the session lasts. */
  readonly constant?: Constant;
  /** The answer, from the script's output. @throws ModuleError when the output makes no sense. */
  parse(output: ProbeOutput): T;
}

/** A value that a host is asked for once in a session. */
export interface Constant {
  /** Of the shell variable in which the probe's script finds it. */
  readonly name: string;
  /** Prints it; what it prints to stderr is lost. */
  readonly script: string;
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
