/** The modules for keys and certificates. */
import type { Module } from '../module.ts';
import { opensshKeypair } from './opensshKeypair.ts';
import { opensslCsr } from './opensslCsr.ts';
import { opensslDhparam } from './opensslDhparam.ts';
import { opensslPrivatekey } from './opensslPrivatekey.ts';
import { x509Certificate } from './x509Certificate.ts';
import { x509CertificateInfo } from './x509CertificateInfo.ts';

export const cryptoModules: readonly Module[] = [
  opensshKeypair,
  opensslCsr,
  opensslDhparam,
  opensslPrivatekey,
  x509Certificate,
  x509CertificateInfo,
];
