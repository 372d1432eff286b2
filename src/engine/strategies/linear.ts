import { comparePositions, type HostProgress, type Strategy } from './strategy.ts';

/** All hosts take each task together: those that are furthest behind go next, the others wait for them. */
export const linear: Strategy = {
  name: 'linear',
  next(progress) {
    const [first] = progress;
    if (first === undefined || progress.some((host) => host.isRunning)) return [];
    const front = progress.reduce(earlier, first);
    const together = progress.filter(
      (host) => host.task === front.task && comparePositions(host.position, front.position) === 0,
    );
    return [{ task: front.task, hosts: together.map((host) => host.host) }];
  },
};

function earlier(a: HostProgress, b: HostProgress): HostProgress {
  return comparePositions(b.position, a.position) < 0 ? b : a;
}
