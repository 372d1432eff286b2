/** TLS certificates: what is inside is read from the PEM (rancher.md B9). */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ApiError, invalid } from '../api/errors.ts';
import { isGone } from '../api/references.ts';
import { certificateMachine } from '../lifecycle/machines.ts';
import { readOnly, writable } from '../model/field.ts';
import { asFields, asList, asText, type Fields } from '../model/json.ts';
import type { Call, ResourceType } from '../model/resourceType.ts';
import type { Row } from '../store/store.ts';

const changing = { collection: 'GET POST', resource: 'GET PUT DELETE' };

export const certificate: ResourceType = {
  id: 'certificate',
  plural: 'certificates',
  table: 'certificate',
  prefix: 'c',
  methods: { admin: { ...changing, collection: 'GET' }, project: changing },
  machine: certificateMachine,
  fields: {
    name: writable('string', { required: true, unique: 'project' }),
    description: writable('string'),
    cert: writable('string', { required: true }),
    key: writable('string', { required: true, isSecret: true }),
    certChain: writable('string'),
    CN: readOnly('string'),
    issuer: readOnly('string'),
    issuedAt: readOnly('string'),
    expiresAt: readOnly('string'),
    certFingerprint: readOnly('string'),
    algorithm: readOnly('string'),
    serialNumber: readOnly('string'),
    keySize: readOnly('int'),
    version: readOnly('string'),
    subjectAlternativeNames: readOnly('array'),
  },
  prepare: async (input) => ({ fields: certificateFacts(input) }),
  prepareUpdate: async (row, input) => ({ fields: certificateFacts({ ...row.fields, ...input }) }),
  beforeRemove: refuseWhenUsed,
};

/** @throws ApiError InvalidFormat naming the PEM that cannot be read */
function certificateFacts(input: Fields): Fields {
  const cert = parsed('cert', () => new X509Certificate(asText(input['cert']) ?? ''));
  parsed('key', () => createPrivateKey(asText(input['key']) ?? ''));
  return {
    CN: commonName(cert.subject),
    issuer: cert.issuer.replaceAll('\n', ','),
    issuedAt: new Date(cert.validFrom).toUTCString(),
    expiresAt: new Date(cert.validTo).toUTCString(),
    certFingerprint: cert.fingerprint,
    algorithm: cert.publicKey.asymmetricKeyType ?? null,
    serialNumber: cert.serialNumber,
    keySize: cert.publicKey.asymmetricKeyDetails?.modulusLength ?? null,
    version: '3',
    subjectAlternativeNames:
      cert.subjectAltName?.split(', ').map((name) => name.replace(/^\w+:/, '')) ?? [],
  };
}

function parsed<T>(fieldName: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw invalid(
      'InvalidFormat',
      fieldName,
      cause instanceof Error ? cause.message : String(cause),
    );
  }
}

function commonName(subject: string): string | null {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? null;
}

/** @throws ApiError 405 InvalidAction while a load balancer has it */
async function refuseWhenUsed(row: Row, call: Call): Promise<void> {
  const id = `1c${row.number}`;
  const services = (await call.world.store.list('service')).filter((one) => !isGone(one));
  const isUsed = services.some(({ fields }) => {
    const config = asFields(fields['lbConfig']);
    return (
      config?.['defaultCertificateId'] === id || asList(config?.['certificateIds']).includes(id)
    );
  });
  if (isUsed) throw new ApiError(405, 'InvalidAction', { message: 'Certificate is in use' });
}
