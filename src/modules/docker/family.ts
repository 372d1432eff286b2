/** The modules for Docker through its Engine API. */
import type { Module } from '../module.ts';
import { dockerContainer } from './dockerContainer.ts';
import { dockerContainerExec } from './dockerContainerExec.ts';
import { dockerImage } from './dockerImage.ts';
import { dockerImagePull } from './dockerImagePull.ts';
import {
  dockerContainerInfo,
  dockerHostInfo,
  dockerImageInfo,
  dockerNetworkInfo,
  dockerVolumeInfo,
} from './dockerInfo.ts';
import { dockerLogin } from './dockerLogin.ts';
import { dockerNetwork } from './dockerNetwork.ts';
import { dockerPrune } from './dockerPrune.ts';
import { dockerVolume } from './dockerVolume.ts';

export const dockerModules: readonly Module[] = [
  dockerContainer,
  dockerContainerExec,
  dockerContainerInfo,
  dockerHostInfo,
  dockerImage,
  dockerImageInfo,
  dockerImagePull,
  dockerLogin,
  dockerNetwork,
  dockerNetworkInfo,
  dockerPrune,
  dockerVolume,
  dockerVolumeInfo,
];
