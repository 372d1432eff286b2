/** `x509_certificate_info`: what a certificate says. */
import { z } from 'zod';
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
    subject: 'The subject, by name.',
    issuer: 'The issuer, by name.',
    not_before: 'From when it is valid.',
    not_after: 'Until when it is valid.',
    fingerprints: 'Its fingerprints, by hash.',
    subject_alt_name: 'Its other names.',
    serial_number: 'Its serial number.',
    extensions_by_oid: 'Every extension: whether it is critical, and its value in base64.',
  },
  checkMode: 'run',

  async run({ target, controller }, { path: file, content, valid_at: times = {} }) {
    const bytes = file === undefined ? Buffer.from(content ?? '') : await target.readFile(file);
    const der = pemBytes(bytes.toString('latin1'), /(?:TRUSTED )?CERTIFICATE/) ?? bytes;
    if (der[0] !== 0x30) throw new ModuleError(`${file ?? 'the content'} is no certificate`);
    const now = controller.now().getTime();
    const info = certificateInfo(der);
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
