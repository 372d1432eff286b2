/** Paths that are answered by code of their own instead of by the generic handlers. */
import type { ApiRequest } from '../api/request.ts';
import type { ApiResponse } from '../api/response.ts';
import type { Call } from '../model/resourceType.ts';
import type { World } from '../model/world.ts';
import { answerAgents } from './agentPing.ts';
import { answerHaConfigs } from './haConfig.ts';
import { answerLocalAuthConfig } from './localAuthConfig.ts';
import { answerRegister } from './register.ts';
import { answerScript } from './scripts.ts';
import { answerSettings } from './settingRoutes.ts';
import { answerToken } from './token.ts';

type Routes<Handler> = Readonly<Record<string, Handler | undefined>>;

/** Reached without logging in: they look for keys of their own, or need none. */
export const openRoutes: Routes<(request: ApiRequest, world: World) => Promise<ApiResponse>> = {
  agents: answerAgents,
  register: answerRegister,
  registers: answerRegister,
  scripts: answerScript,
  token: answerToken,
  tokens: answerToken,
};

export const specialRoutes: Routes<(call: Call) => Promise<ApiResponse>> = {
  activesettings: answerSettings,
  settings: answerSettings,
  setting: answerSettings,
  haconfigs: answerHaConfigs,
  haconfig: answerHaConfigs,
  localauthconfigs: answerLocalAuthConfig,
  localauthconfig: answerLocalAuthConfig,
};
