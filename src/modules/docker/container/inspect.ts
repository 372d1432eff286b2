/** A container as the Engine shows it, as far as we read it; the rest is kept for return values. */
import * as z from 'zod';
import type { Engine } from '../client.ts';

const Endpoint = z.looseObject({
  NetworkID: z.string().nullish(),
  IPAMConfig: z
    .looseObject({ IPv4Address: z.string().nullish(), IPv6Address: z.string().nullish() })
    .nullish(),
  Aliases: z.array(z.string()).nullish(),
  Links: z.array(z.string()).nullish(),
  MacAddress: z.string().nullish(),
  DriverOpts: z.record(z.string(), z.string()).nullish(),
  GwPriority: z.number().nullish(),
});
export type Endpoint = z.output<typeof Endpoint>;

export const ContainerInspect = z.looseObject({
  Id: z.string(),
  Name: z.string(),
  /** Id of its image. */
  Image: z.string(),
  State: z.looseObject({
    Status: z.string(),
    Running: z.boolean(),
    Paused: z.boolean().default(false),
    ExitCode: z.number().default(0),
    Error: z.string().default(''),
    Health: z
      .looseObject({
        Status: z.string(),
        Log: z.array(z.looseObject({ ExitCode: z.number(), Output: z.string() })).nullish(),
      })
      .nullish(),
  }),
  Config: z.record(z.string(), z.unknown()),
  HostConfig: z.record(z.string(), z.unknown()),
  NetworkSettings: z.looseObject({ Networks: z.record(z.string(), Endpoint).nullish() }),
});
export type ContainerInspect = z.output<typeof ContainerInspect>;

/** By name or id; undefined when there is none. */
export async function inspectContainer(
  engine: Engine,
  name: string,
): Promise<ContainerInspect | undefined> {
  const path = `/containers/${encodeURIComponent(name)}/json`;
  const answer = await engine.find({ method: 'GET', path, doing: `inspect container ${name}` });
  return answer === undefined ? undefined : ContainerInspect.parse(answer);
}
