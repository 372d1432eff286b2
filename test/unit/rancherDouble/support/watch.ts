/** Samples of a running service, taken at every step of the clock. */
import type { Double } from './double.ts';

export interface Sample {
  readonly atMs: number;
  readonly state: string;
  readonly running: number;
  readonly stopped: number;
}

/** Steps the clock until the resource is in `state`; fails after `limitMs`. */
export async function watchUntil(double: Double, url: string, state: string, limitMs = 60_000) {
  const startMs = double.clock.now();
  const samples: Sample[] = [];
  for (;;) {
    const sample = await sampleOf(double, url, startMs);
    samples.push(sample);
    if (sample.state === state) return samples;
    if (sample.atMs > limitMs)
      throw new Error(`${url} is ${sample.state} after ${limitMs} ms, not ${state}`);
    await double.clock.advance(100);
  }
}

async function sampleOf(double: Double, url: string, startMs: number): Promise<Sample> {
  const { state } = await double.get(url);
  const { data } = await double.get(`${url}/instances`);
  const count = (wanted: string) => data.filter((one) => one.state === wanted).length;
  return {
    atMs: double.clock.now() - startMs,
    state,
    running: count('running'),
    stopped: count('stopped'),
  };
}
