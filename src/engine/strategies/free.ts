import type { Strategy } from './strategy.ts';

/** Each host goes on as soon as it can and waits for nobody. */
export const free: Strategy = {
  name: 'free',
  next: (progress) =>
    progress
      .filter((host) => !host.isRunning)
      .map((host) => ({ task: host.task, hosts: [host.host] })),
};
