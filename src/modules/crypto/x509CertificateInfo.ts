/** `x509_certificate_info`: what a certificate says. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { defineAction } from '../module.ts';
import { dict, path, text } from '../params.ts';
import { absoluteTime, instantOf, relativeSeconds } from './certificateTime.ts';
import { pemBytes } from './der.ts';
import { certificateInfo } from './x509Info.ts';

export const x509CertificateInfo = defineAction({
  name: 'x509_certificate_info',
  collection: 'community.crypto',
  aliases: ['openssl_certificate_info'],
  summary: 'Read what a certificate says',
  description: 'Reads it without openssl: a certificate is public.',
  params: z
    .strictObject({
      path: path().optional().describe('File of the certificate on the host, PEM or DER.'),
      content: text().optional().describe('The certificate itself, PEM.'),
      valid_at: dict(text())
        .optional()
        .describe('Times by a name of your own: `20260102030405Z`, or from now on, `+10d`.'),
      name_encoding: z
        .enum(['ignore', 'idna', 'unicode'])
        .default('ignore')
        .describe('Write international names as they are, in ASCII (`idna`), or readable.'),
      select_crypto_backend: z
        .enum(['auto', 'cryptography'])
        .default('auto')
        .describe('Taken for compatibility; without effect.'),
    })
    .refine(({ path: file, content }) => (file === undefined) !== (content === undefined), {
      error: 'one of "path" and "content" is needed',
    }),
  examples: [
    '- x509_certificate_info: { path: /etc/ssl/example.crt, valid_at: { in_a_month: +30d } }\n  register: certificate\n- assert: { that: certificate.valid_at.in_a_month }',
  ],
  returns: {
    expired: 'Whether it has expired.',
    valid_at: 'Whether it is valid at the times asked for.',
    version: 'Version of the certificate, 1 to 3.',
    subject: 'The subject, by name.',
    subject_ordered: 'The subject as a list of name and value.',
    issuer: 'The issuer, by name.',
    issuer_ordered: 'The issuer as a list of name and value.',
    not_before: 'From when it is valid.',
    not_after: 'Until when it is valid.',
    fingerprints: 'Its fingerprints, by hash.',
    subject_alt_name: 'Its other names.',
    subject_alt_name_critical: 'Whether that extension is critical, as of those below.',
    serial_number: 'Its serial number.',
    signature_algorithm: 'How it is signed.',
    basic_constraints: 'Whether it is that of an authority.',
    basic_constraints_critical: 'Whether that is critical.',
    key_usage: 'What its key may be used for.',
    key_usage_critical: 'Whether that is critical.',
    extended_key_usage: 'What it may be used for.',
    extended_key_usage_critical: 'Whether that is critical.',
    ocsp_must_staple: 'Whether a server must show its status.',
    ocsp_must_staple_critical: 'Whether that is critical.',
    ocsp_uri: 'Where its status is asked for.',
    issuer_uri: "Where its issuer's certificate is.",
    subject_key_identifier: 'Identifier of its key.',
    authority_key_identifier: "Identifier of its issuer's key.",
    authority_cert_issuer: "Names in its issuer's certificate.",
    authority_cert_serial_number: "Serial number of its issuer's certificate.",
    public_key: 'Its public key, PEM.',
    public_key_type: 'Kind of the key: RSA, ECC, Ed25519, ….',
    public_key_data: 'Size, curve and numbers of the key.',
    public_key_fingerprints: 'Fingerprints of the key, by hash.',
    extensions_by_oid: 'Every extension: whether it is critical, and its value in base64.',
  },
  checkMode: 'run',

  async run({ target, controller }, { path: file, content, valid_at: times = {}, name_encoding }) {
    const bytes = file === undefined ? Buffer.from(content ?? '') : await target.readFile(file);
    const der = pemBytes(bytes.toString('latin1'), /(?:TRUSTED )?CERTIFICATE/) ?? bytes;
    if (der[0] !== 0x30) throw new ModuleError(`${file ?? 'the content'} is no certificate`);
    const now = controller.now().getTime();
    const info = certificateInfo(der, name_encoding);
    const [start, end] = [instantOf(info.not_before), instantOf(info.not_after)];
    const isValid = (time: string) => {
      const instant = instantAt(time, now);
      return start <= instant && instant <= end;
    };
    const validAt = Object.entries(times).map(([name, time]) => [name, isValid(time)]);
    return {
      changed: false,
      data: { ...info, expired: end < now, valid_at: Object.fromEntries(validAt) },
    };
  },
});

/** @param now milliseconds since 1970. */
function instantAt(time: string, now: number): number {
  const seconds = relativeSeconds(time);
  return seconds === undefined ? instantOf(absoluteTime(time)) : now + seconds * 1000;
}
