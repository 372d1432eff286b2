/** Where drover wants to differ from the ansible-core that the cases run beside, each with its reason. A difference that is gone fails the case. */
export interface Difference {
  /** A line of the real one's transcript, and what drover shows in its place; undefined where it shows nothing. */
  readonly ansible: string;
  readonly drover: string | undefined;
  readonly reason: string;
}

/** By name of the case. */
export const DIFFERENCES: Readonly<Record<string, readonly Difference[]>> = {};
