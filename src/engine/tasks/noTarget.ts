import type { Target } from '../../target/target.ts';

/** Stands in for the host of an action that never speaks to it. */
export function noTarget(host: string): Target {
  const refuse = () => {
    throw new Error(`an action that runs on the controller asked for host ${host}`);
  };
  const target: Target = {
    host,
    user: undefined,
    sh: refuse,
    observe: refuse,
    observeAll: refuse,
    readFile: refuse,
    writeFile: refuse,
    upload: refuse,
    download: refuse,
    connect: refuse,
    connectUnix: refuse,
    program: refuse,
    withEnvironment: refuse,
    endingWith: () => target,
    reset: async () => {},
  };
  return target;
}
