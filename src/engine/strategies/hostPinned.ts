import { free } from './free.ts';
import type { Strategy } from './strategy.ts';

/** As `free`, but a host keeps its place until it is through: at most `forks` hosts are inside the play. */
export const hostPinned: Strategy = {
  name: 'host_pinned',
  next(progress, forks) {
    const inside = progress.filter((host) => host.hasStarted);
    const waiting = progress.filter((host) => !host.hasStarted);
    const admitted = waiting.slice(0, Math.max(0, forks - inside.length));
    return free.next([...inside, ...admitted], forks);
  },
};
