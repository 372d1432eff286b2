/** `x509_certificate`: a certificate signed by its own key or by an authority of one's own, on the host. */
import { ModuleError } from '../../core/errors.ts';
import type { ResultData } from '../../core/results.ts';
import { observeText, textOf } from '../files/text/textEdit.ts';
import { defineResource } from '../module.ts';
import { sectionsOf } from '../scriptOutput.ts';
import { absoluteTime, relativeSeconds } from './certificateTime.ts';
import { pemBytes } from './der.ts';
import { opensslReason } from './opensslCsr.ts';
import { needOpenssl } from './privateKeyState.ts';
import { applyPublic, planPublic, publicResult } from './publicFile.ts';
import {
  type Certificate,
  certificate,
  nameText,
  requestDifferences,
  requestSummary,
} from './x509.ts';
import { plainNumber } from './x509Info.ts';
import { signingOf, type X509Params, x509Params } from './x509Params.ts';
import { SIGN } from './x509Script.ts';

interface WantedCertificate {
  readonly hasTool: boolean;
  /** Undefined when something that it is made of is missing. */
  readonly text: string | undefined;
  /** What is missing. */
  readonly missing: string | undefined;
}

export const x509Certificate = defineResource({
  name: 'x509_certificate',
  collection: 'community.crypto',
  aliases: ['openssl_certificate'],
  summary: 'Make certificates, signed by their own key or by an own authority',
  description: [
    'The certificate that is wanted is signed on the host and compared with the one that is there: subject, issuer, public',
    'key, extensions, algorithm and, on request, times. Private keys never leave the host.',
  ].join(' '),
  params: x509Params,
  examples: [
    '- x509_certificate: { path: /etc/ssl/example.crt, privatekey_path: /etc/ssl/example.key, csr_path: /etc/ssl/example.csr, provider: selfsigned }',
    '- community.crypto.x509_certificate:\n    path: /etc/ssl/www.crt\n    csr_path: /etc/ssl/www.csr\n    provider: ownca\n    ownca_path: /etc/ssl/ca.crt\n    ownca_privatekey_path: /etc/ssl/ca.key\n    ownca_not_after: +397d',
  ],
  returns: {
    filename: 'File of the certificate.',
    privatekey: 'File of the private key.',
    csr: 'File of the request.',
    notBefore: 'From when it is valid.',
    notAfter: 'Until when it is valid.',
    serial_number: 'Its serial number.',
    certificate: 'The certificate, with `return_content`.',
    backup_file: 'The old certificate, with `backup`.',
  },
  prepare(given: X509Params, controller) {
    const { privatekey_content: own, ownca_privatekey_content: authority } = given;
    const secrets = [
      own,
      authority,
      given.privatekey_passphrase,
      given.ownca_privatekey_passphrase,
    ];
    for (const secret of secrets) if (secret !== undefined) controller.addSecret(secret);
    return given;
  },
  observe: (given) => ({
    ...observeText(given),
    wanted: {
      script: SIGN,
      args: signArguments(given),
      parse: ({ rc, stdout, stderr }) =>
        wantedCertificate(rc, stdout.toString(), stderr.toString()),
    },
  }),
  plan(given, state, { checkMode }) {
    needOpenssl(state.wanted.hasTool, checkMode);
    const { missing } = state.wanted;
    if (given.state === 'present' && missing !== undefined && !checkMode) {
      throw new ModuleError(`there is no file "${missing}", which the certificate is made of`);
    }
    return planPublic(given, state, finalText(given, textOf(state), state.wanted), summaryOf);
  },
  async apply(changes, target, given) {
    const made = await applyPublic(changes, target);
    const [written] = changes.flatMap(({ operation }) =>
      'content' in operation ? [operation.content.toString()] : [],
    );
    return written === undefined ? made : { ...made, ...facts(written, given) };
  },
  result(given, state, changes) {
    const base = {
      filename: given.path,
      privatekey: given.privatekey_path ?? null,
      csr: given.csr_path ?? null,
    };
    const current = textOf(state);
    const text = finalText(given, current, state.wanted);
    const isKept = current !== undefined && text === current && given.state === 'present';
    const known =
      isKept &&
      changes.every(({ operation }) => !('content' in operation) || operation.type !== 'write');
    return {
      ...base,
      ...publicResult(given, state, text),
      ...(known ? facts(current, given) : times(given, text)),
    };
  },
});

function signArguments(given: X509Params): string[] {
  if (given.state === 'absent') return [''];
  const { notBefore, notAfter, ...signing } = signingOf(given);
  return [
    ...[signing.provider, signing.keyPath, signing.keyContent, signing.passphrase],
    ...[
      given.csr_path ?? '',
      given.csr_content ?? '',
      given.ownca_path ?? '',
      given.ownca_content ?? '',
    ],
    ...[signing.digest, timeArgument(notBefore), timeArgument(notAfter)],
    ...[signing.subjectKey, signing.namesAuthority ? 'yes' : 'no'],
  ];
}

/** `+SECONDS` from the host's now on, or the time itself. */
function timeArgument(text: string): string {
  const seconds = relativeSeconds(text);
  if (seconds === undefined) return absoluteTime(text);
  return seconds < 0 ? String(seconds) : `+${seconds}`;
}

function wantedCertificate(rc: number, output: string, stderr: string): WantedCertificate {
  if (rc === 127) return { hasTool: false, text: undefined, missing: undefined };
  if (rc !== 0) throw new ModuleError(`the certificate cannot be made: ${stderr.trim()}`);
  const sections = sectionsOf(output);
  const error = sections.get('error');
  if (error !== undefined)
    throw new ModuleError(`the certificate cannot be made: ${opensslReason(error)}`);
  return { hasTool: true, text: sections.get('wanted'), missing: sections.get('nofile')?.trim() };
}

/** What is there when it says what is wanted, else what is wanted. */
function finalText(
  given: X509Params,
  current: string | undefined,
  { text }: WantedCertificate,
): string | undefined {
  if (given.state === 'absent' || text === undefined || given.force || current === undefined)
    return text;
  const [before, after] = [read(current), read(text)];
  if (before === undefined || after === undefined) return text;
  return certificateDifferences(before, after, given).length === 0 ? current : text;
}

function summaryOf(text: string): ResultData | undefined {
  const found = read(text);
  return found === undefined ? undefined : requestSummary(found);
}

function read(text: string): Certificate | undefined {
  const der = pemBytes(text, /CERTIFICATE/);
  try {
    return der === undefined ? undefined : certificate(der);
  } catch (error) {
    if (error instanceof ModuleError && error.code === 'DROVER_INVALID_DER') return undefined;
    throw error;
  }
}

/** What differs; times only when they count. */
export function certificateDifferences(
  a: Certificate,
  b: Certificate,
  { ignore_timestamps: ignoresTimes }: Pick<X509Params, 'ignore_timestamps'>,
): string[] {
  const table: readonly (readonly [boolean, string])[] = [
    [a.version !== b.version, 'version'],
    [nameText(a.issuer) !== nameText(b.issuer), 'issuer'],
    [!ignoresTimes && (a.notBefore !== b.notBefore || a.notAfter !== b.notAfter), 'times'],
  ];
  const differs = table.filter(([isOther]) => isOther).map(([, what]) => what);
  return [...requestDifferences(a, b), ...differs];
}

/** What is known of a certificate before it is signed; its serial number is random. */
function times({ state }: X509Params, text: string | undefined): ResultData {
  const found = state === 'absent' || text === undefined ? undefined : read(text);
  return found === undefined ? {} : { notBefore: found.notBefore, notAfter: found.notAfter };
}

function facts(text: string, { return_content: withContent }: X509Params): ResultData {
  const found = read(text);
  if (found === undefined) return {};
  return {
    notBefore: found.notBefore,
    notAfter: found.notAfter,
    serial_number: plainNumber(found.serial),
    ...(withContent ? { certificate: text } : {}),
  };
}
