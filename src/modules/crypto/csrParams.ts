/** The parameters of `openssl_csr`. */
import * as z from 'zod';
import {
  anyValue,
  boolean,
  dict,
  fileAttributes,
  integer,
  list,
  object,
  onlyInteger,
  path,
  text,
} from '../params.ts';

const words = () => list(text()).optional();
const name = (description: string, aliases: string[]) =>
  text().optional().describe(description).meta({ aliases });

const REASONS = [
  'key_compromise',
  'ca_compromise',
  'affiliation_changed',
  'superseded',
  'cessation_of_operation',
  'certificate_hold',
  'privilege_withdrawn',
  'aa_compromise',
] as const;

const distributionPoint = object({
  full_name: words().describe('Where the list is, e.g. `URI:http://ca.example.com/revoked.crl`.'),
  relative_name: words().describe('Where it is relative to the issuer, e.g. `CN=list`.'),
  crl_issuer: words().describe('Who issues the list.'),
  reasons: list(z.enum(REASONS)).optional().describe('Which reasons it is for.'),
});

export const csrParams = z
  .strictObject({
    path: path().describe('File of the request.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the request exists.'),
    digest: text().default('sha256').describe('Hash for the signature.'),
    privatekey_path: path().optional().describe('File of the private key on the host.'),
    privatekey_content: text().optional().describe('The private key itself.'),
    privatekey_passphrase: text().optional().describe('Passphrase of the private key.'),
    version: onlyInteger(1).default(1).describe('Version of the request: there is only 1.'),
    force: boolean().default(false).describe('Make a new request each time.'),
    subject: dict(z.union([list(text()), text()]))
      .optional()
      .describe('More fields of the subject, by name or OID; a list gives several of one.'),
    subject_ordered: list(anyValue())
      .optional()
      .describe('The whole subject as a list of dicts with one field each.'),
    country_name: name('Field C of the subject.', ['C', 'countryName']),
    state_or_province_name: name('Field ST of the subject.', ['ST', 'stateOrProvinceName']),
    locality_name: name('Field L of the subject.', ['L', 'localityName']),
    organization_name: name('Field O of the subject.', ['O', 'organizationName']),
    organizational_unit_name: name('Field OU of the subject.', ['OU', 'organizationalUnitName']),
    common_name: name('Field CN of the subject.', ['CN', 'commonName']),
    email_address: name('Field emailAddress of the subject.', ['E', 'emailAddress']),
    subject_alt_name: words()
      .describe('Other names, e.g. `DNS:www.example.com`, `IP:192.0.2.1`, `email:a@example.com`.')
      .meta({ aliases: ['subjectAltName'] }),
    subject_alt_name_critical: boolean()
      .default(false)
      .describe('Whoever does not know other names shall refuse.')
      .meta({ aliases: ['subjectAltName_critical'] }),
    use_common_name_for_san: boolean()
      .default(true)
      .describe('Without other names take the common name as one.')
      .meta({ aliases: ['useCommonNameForSAN'] }),
    key_usage: words()
      .describe('What the key is for.')
      .meta({ aliases: ['keyUsage'] }),
    key_usage_critical: boolean()
      .default(false)
      .describe('Whoever does not know the usages shall refuse.')
      .meta({ aliases: ['keyUsage_critical'] }),
    extended_key_usage: words()
      .describe('What the certificate is for, e.g. `serverAuth`.')
      .meta({ aliases: ['extKeyUsage', 'extendedKeyUsage'] }),
    extended_key_usage_critical: boolean()
      .default(false)
      .describe('Whoever does not know these usages shall refuse.')
      .meta({ aliases: ['extKeyUsage_critical', 'extendedKeyUsage_critical'] }),
    basic_constraints: words()
      .describe('`CA:TRUE` for an authority, `pathlen:0`.')
      .meta({ aliases: ['basicConstraints'] }),
    basic_constraints_critical: boolean()
      .default(false)
      .describe('Whoever does not know the constraints shall refuse.')
      .meta({ aliases: ['basicConstraints_critical'] }),
    ocsp_must_staple: boolean()
      .default(false)
      .describe('The server must staple an OCSP response.')
      .meta({ aliases: ['ocspMustStaple'] }),
    ocsp_must_staple_critical: boolean()
      .default(false)
      .describe('Whoever does not know stapling shall refuse.')
      .meta({ aliases: ['ocspMustStaple_critical'] }),
    name_constraints_permitted: words().describe(
      'Names that an authority may sign, e.g. `DNS:.example.com`.',
    ),
    name_constraints_excluded: words().describe('Names that an authority may not sign.'),
    name_constraints_critical: boolean()
      .default(false)
      .describe('Whoever does not know name constraints shall refuse.'),
    create_subject_key_identifier: boolean()
      .default(false)
      .describe('Make the identifier of the key from the key.'),
    subject_key_identifier: text().optional().describe('Identifier of the key, `00:11:…`.'),
    authority_key_identifier: text()
      .optional()
      .describe("Identifier of the issuer's key, `00:11:…`."),
    authority_cert_issuer: words().describe('Names of the issuer.'),
    authority_cert_serial_number: integer()
      .optional()
      .describe("Serial number of the issuer's certificate."),
    crl_distribution_points: list(distributionPoint)
      .optional()
      .describe('Where lists of revoked certificates are.'),
    backup: boolean().default(false).describe('Keep the old request beside the new one.'),
    return_content: boolean().default(false).describe('Give the request back as `csr`.'),
    select_crypto_backend: z
      .enum(['auto', 'cryptography'])
      .default('auto')
      .describe("Taken for compatibility: the host's openssl does the work."),
    ...fileAttributes,
  })
  .refine(
    ({ state, privatekey_path: file, privatekey_content: content }) =>
      state === 'absent' || (file === undefined) !== (content === undefined),
    {
      error: 'one of "privatekey_path" and "privatekey_content" is needed',
    },
  )
  .refine(
    ({ create_subject_key_identifier: isMade, subject_key_identifier: given }) =>
      !isMade || given === undefined,
    {
      error: '"subject_key_identifier" and "create_subject_key_identifier" contradict each other',
    },
  )
  .refine(
    ({ authority_cert_issuer: issuer, authority_cert_serial_number: serial }) =>
      (issuer === undefined) === (serial === undefined),
    {
      error: '"authority_cert_issuer" and "authority_cert_serial_number" go together',
    },
  );

export type CsrParams = z.output<typeof csrParams>;
