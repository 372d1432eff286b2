/** The modules for keys and certificates. */
import { type ListedModule, listed } from '../listed.ts';

export const cryptoModules: readonly ListedModule[] = [
  listed(
    'community.crypto.openssh_keypair',
    async () => (await import('./opensshKeypair.ts')).opensshKeypair,
  ),
  listed('community.crypto.openssl_csr', async () => (await import('./opensslCsr.ts')).opensslCsr),
  listed(
    'community.crypto.openssl_dhparam',
    async () => (await import('./opensslDhparam.ts')).opensslDhparam,
  ),
  listed(
    'community.crypto.openssl_privatekey',
    async () => (await import('./opensslPrivatekey.ts')).opensslPrivatekey,
  ),
  listed(
    'community.crypto.x509_certificate',
    async () => (await import('./x509Certificate.ts')).x509Certificate,
    ['openssl_certificate'],
  ),
  listed(
    'community.crypto.x509_certificate_info',
    async () => (await import('./x509CertificateInfo.ts')).x509CertificateInfo,
    ['openssl_certificate_info'],
  ),
];
