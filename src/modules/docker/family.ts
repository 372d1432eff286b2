/** The modules for Docker through its Engine API. */
import type { Module } from '../module.ts';
import { dockerContainer } from './dockerContainer.ts';
import { dockerImage } from './dockerImage.ts';
import { dockerImagePull } from './dockerImagePull.ts';
import {
  dockerContainerInfo,
  dockerHostInfo,
  dockerImageInfo,
  dockerNetworkInfo,
  dockerVolumeInfo,
} from './dockerInfo.ts';
import { dockerNetwork } from './dockerNetwork.ts';
import { dockerVolume } from './dockerVolume.ts';

export const dockerModules: readonly Module[] = [
  dockerContainer,
  dockerContainerInfo,
  dockerHostInfo,
  dockerImage,
  dockerImageInfo,
  dockerImagePull,
  dockerNetwork,
  dockerNetworkInfo,
  dockerVolume,
  dockerVolumeInfo,
];
