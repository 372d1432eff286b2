/** The parameters of `x509_certificate`. */
import * as z from 'zod';
import { boolean, fileAttributes, onlyInteger, path, text } from '../params.ts';

const identifier = (what: string) =>
  z
    .enum(['create_if_not_provided', 'always_create', 'never_create'])
    .default('create_if_not_provided')
    .describe(`Whether a certificate ${what} gets the identifier of its key.`);

export const x509Params = z
  .strictObject({
    path: path().describe('File of the certificate.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether it exists.'),
    provider: z
      .enum(['selfsigned', 'ownca', 'acme', 'entrust'])
      .optional()
      .describe('Who signs: the key itself, or an authority of your own.'),
    force: boolean().default(false).describe('Make a new certificate each time.'),
    csr_path: path().optional().describe('File of the request on the host.'),
    csr_content: text().optional().describe('The request itself.'),
    privatekey_path: path().optional().describe('File of the private key on the host.'),
    privatekey_content: text().optional().describe('The private key itself.'),
    privatekey_passphrase: text().optional().describe('Passphrase of the private key.'),
    ignore_timestamps: boolean()
      .default(true)
      .describe('Keep a certificate whose times are others than asked for.'),
    selfsigned_version: onlyInteger(3)
      .default(3)
      .describe(
        'Version of the certificate: 3, or what openssl makes of one without extensions: 1.',
      ),
    selfsigned_digest: text().default('sha256').describe('Hash for the signature.'),
    selfsigned_not_before: text()
      .default('+0s')
      .describe('From when it is valid: `20260102030405Z`, or from now on: `-1d`, `+2w3d4h5m6s`.')
      .meta({ aliases: ['selfsigned_notBefore'] }),
    selfsigned_not_after: text()
      .default('+3650d')
      .describe('Until when it is valid.')
      .meta({ aliases: ['selfsigned_notAfter'] }),
    selfsigned_create_subject_key_identifier: identifier('signed by itself'),
    ownca_path: path().optional().describe("File of the authority's certificate."),
    ownca_content: text().optional().describe("The authority's certificate itself."),
    ownca_privatekey_path: path().optional().describe("File of the authority's private key."),
    ownca_privatekey_content: text().optional().describe("The authority's private key itself."),
    ownca_privatekey_passphrase: text().optional().describe('Its passphrase.'),
    ownca_digest: text().default('sha256').describe('Hash for the signature.'),
    ownca_version: onlyInteger(3)
      .default(3)
      .describe(
        'Version of the certificate: 3, or what openssl makes of one without extensions: 1.',
      ),
    ownca_not_before: text().default('+0s').describe('From when it is valid.'),
    ownca_not_after: text().default('+3650d').describe('Until when it is valid.'),
    ownca_create_subject_key_identifier: identifier('signed by the authority'),
    ownca_create_authority_key_identifier: boolean()
      .default(true)
      .describe("Whether it names the authority's key."),
    backup: boolean().default(false).describe('Keep the old certificate beside the new one.'),
    return_content: boolean().default(false).describe('Give the certificate back.'),
    select_crypto_backend: z
      .enum(['auto', 'cryptography'])
      .default('auto')
      .describe("Taken for compatibility: the host's openssl does the work."),
    ...fileAttributes,
  })
  .superRefine((given, context) => {
    if (given.state === 'absent') return;
    const { provider } = given;
    if (provider === undefined) context.addIssue('"provider" is needed');
    if (provider === 'acme' || provider === 'entrust') {
      context.addIssue(
        `the provider "${provider}" is not known here; "selfsigned" and "ownca" are`,
      );
    }
    const both = [
      ['csr_path', 'csr_content'],
      ['privatekey_path', 'privatekey_content'],
      ['ownca_path', 'ownca_content'],
      ['ownca_privatekey_path', 'ownca_privatekey_content'],
    ] as const;
    for (const [file, content] of both) {
      if (given[file] !== undefined && given[content] !== undefined) {
        context.addIssue(`only one of "${file}" and "${content}" can be given`);
      }
    }
    const needs = (file: (typeof both)[number][0], content: (typeof both)[number][1]) => {
      if (given[file] === undefined && given[content] === undefined) {
        context.addIssue(`"${file}" or "${content}" is needed for the provider "${provider}"`);
      }
    };
    if (provider === 'selfsigned') needs('privatekey_path', 'privatekey_content');
    if (provider === 'ownca') {
      needs('csr_path', 'csr_content');
      needs('ownca_path', 'ownca_content');
      needs('ownca_privatekey_path', 'ownca_privatekey_content');
    }
  });

export type X509Params = z.output<typeof x509Params>;

/** What the providers have in common, by one name. */
export interface Signing {
  readonly provider: 'selfsigned' | 'ownca';
  readonly digest: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly subjectKey: X509Params['ownca_create_subject_key_identifier'];
  readonly namesAuthority: boolean;
  readonly keyPath: string;
  readonly keyContent: string;
  readonly passphrase: string;
}

export function signingOf(given: X509Params): Signing {
  if (given.provider === 'ownca') {
    return {
      provider: 'ownca',
      digest: given.ownca_digest,
      notBefore: given.ownca_not_before,
      notAfter: given.ownca_not_after,
      subjectKey: given.ownca_create_subject_key_identifier,
      namesAuthority: given.ownca_create_authority_key_identifier,
      keyPath: given.ownca_privatekey_path ?? '',
      keyContent: given.ownca_privatekey_content ?? '',
      passphrase: given.ownca_privatekey_passphrase ?? '',
    };
  }
  return {
    provider: 'selfsigned',
    digest: given.selfsigned_digest,
    notBefore: given.selfsigned_not_before,
    notAfter: given.selfsigned_not_after,
    subjectKey: given.selfsigned_create_subject_key_identifier,
    namesAuthority: false,
    keyPath: given.privatekey_path ?? '',
    keyContent: given.privatekey_content ?? '',
    passphrase: given.privatekey_passphrase ?? '',
  };
}
