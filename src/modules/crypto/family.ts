/** The modules for keys and certificates. */
import type { Module } from '../module.ts';
import { opensshKeypair } from './opensshKeypair.ts';
import { opensslCsr } from './opensslCsr.ts';
import { opensslDhparam } from './opensslDhparam.ts';
import { opensslPrivatekey } from './opensslPrivatekey.ts';

export const cryptoModules: readonly Module[] = [
  opensshKeypair,
  opensslCsr,
  opensslDhparam,
  opensslPrivatekey,
];
