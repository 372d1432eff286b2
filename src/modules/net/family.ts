/** The modules for HTTP and ports. */
import type { Module } from '../module.ts';
import { getUrl } from './getUrl.ts';
import { uri } from './uri.ts';
import { waitFor } from './waitFor.ts';

export const netModules: readonly Module[] = [getUrl, uri, waitFor];
