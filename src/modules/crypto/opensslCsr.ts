/** `openssl_csr`: a request for a certificate, signed on the host with the key that stays there. */
import { ModuleError } from '../../core/errors.ts';
import type { ResultData } from '../../core/results.ts';
import { observeText, textOf } from '../files/text/textEdit.ts';
import { defineResource } from '../module.ts';
import { script } from '../script.ts';
import { sectionsOf } from '../scriptOutput.ts';
import { WORKING_DIRECTORY } from '../workingDirectory.ts';
import { alternativeNames, csrConfig, subjectFields } from './csrConfig.ts';
import { type CsrParams, csrParams } from './csrParams.ts';
import { pemBytes } from './der.ts';
import { needOpenssl, OPENSSL_SHELL } from './privateKeyState.ts';
import { applyPublic, planPublic, publicResult } from './publicFile.ts';
import {
  type CertificateRequest,
  certificateRequest,
  requestDifferences,
  requestSummary,
} from './x509.ts';

/** `KEY_PATH KEY_CONTENT PASSPHRASE DIGEST HAS_SUBJECT CONFIG`: the request that is wanted, signed. */
const WANTED = script`
${OPENSSL_SHELL}
[ -n "$1$2" ] || exit 0
use_openssl
umask 077
${WORKING_DIRECTORY}
key=$1
case $key in "~/"*) key=$HOME/\${key#"~/"} ;; esac
if [ -n "$2" ]; then key=$tmp/key; printf '%s\n' "$2" >"$key"; fi
[ -e "$key" ] || { section nokey; exit 0; }
printf '%s' "$6" >"$tmp/config"
pass=$3 subject=$5
set -- openssl req -new -batch -key "$key" "-$4" -config "$tmp/config"
[ "$subject" = yes ] || set -- "$@" -subj /
section wanted
if [ -n "$pass" ]; then with_pass "$pass" "$@" 2>"$tmp/err"; else "$@" -passin pass: 2>"$tmp/err" </dev/null; fi || { section error; cat "$tmp/err"; }
exit 0
`;

interface WantedRequest {
  readonly hasTool: boolean;
  /** Undefined when there is no private key. */
  readonly text: string | undefined;
}

export const opensslCsr = defineResource({
  name: 'openssl_csr',
  collection: 'community.crypto',
  summary: 'Make requests for certificates',
  description:
    'The request that is wanted is signed on the host and compared with the one that is there: subject, public key, extensions and algorithm. The private key never leaves the host.',
  params: csrParams,
  examples: [
    '- openssl_csr: { path: /etc/ssl/example.com.csr, privatekey_path: /etc/ssl/private/example.com.pem, common_name: example.com }',
    '- community.crypto.openssl_csr:\n    path: /etc/ssl/www.csr\n    privatekey_path: /etc/ssl/www.key\n    subject_alt_name: ["DNS:www.example.com", "IP:192.0.2.1"]\n    key_usage: [digitalSignature, keyEncipherment]\n    extended_key_usage: [serverAuth]',
  ],
  returns: {
    filename: 'File of the request.',
    privatekey: 'File of the private key.',
    subject: 'The subject, as a list of name and value.',
    subjectAltName: 'The other names.',
    keyUsage: 'What the key is for.',
    extendedKeyUsage: 'What the certificate is for.',
    basicConstraints: 'The constraints of an authority.',
    ocsp_must_staple: 'Whether stapling is demanded.',
    name_constraints_permitted: 'Names that may be signed.',
    name_constraints_excluded: 'Names that may not be signed.',
    csr: 'The request, with `return_content`.',
    backup_file: 'The old request, with `backup`.',
  },
  prepare(given: CsrParams, controller) {
    for (const secret of [given.privatekey_content, given.privatekey_passphrase]) {
      if (secret !== undefined) controller.addSecret(secret);
    }
    return given;
  },
  observe: (given) => ({
    ...observeText(given),
    wanted: {
      script: WANTED,
      args: wantedArguments(given),
      parse: ({ rc, stdout, stderr }) => wantedRequest(rc, stdout.toString(), stderr.toString()),
    },
  }),
  plan(given, state, { checkMode }) {
    needOpenssl(state.wanted.hasTool, checkMode);
    if (given.state === 'present' && state.wanted.text === undefined && !checkMode) {
      throw new ModuleError(`there is no private key ${given.privatekey_path}`, {
        hint: 'make it with openssl_privatekey first',
      });
    }
    return planPublic(given, state, finalText(given, textOf(state), state.wanted), summaryOf);
  },
  apply: (changes, target) => applyPublic(changes, target),
  result(given, state) {
    const text = finalText(given, textOf(state), state.wanted);
    const content = given.return_content && given.state === 'present' && text !== undefined;
    return {
      ...described(given),
      ...publicResult(given, state, text),
      ...(content ? { csr: text } : {}),
    };
  },
});

function wantedArguments(given: CsrParams): string[] {
  if (given.state === 'absent') return ['', ''];
  const { text, hasSubject } = csrConfig(given);
  return [
    ...[given.privatekey_path ?? '', given.privatekey_content ?? ''],
    ...[given.privatekey_passphrase ?? '', given.digest, hasSubject ? 'yes' : 'no', text],
  ];
}

function wantedRequest(rc: number, output: string, stderr: string): WantedRequest {
  if (rc === 127) return { hasTool: false, text: undefined };
  if (rc !== 0) throw new ModuleError(`the request cannot be made: ${stderr.trim()}`);
  const sections = sectionsOf(output);
  const error = sections.get('error');
  if (error !== undefined)
    throw new ModuleError(`the request cannot be made: ${opensslReason(error)}`);
  return { hasTool: true, text: sections.get('wanted') };
}

/** The lines that say something to people; the others are for the programmers of OpenSSL. */
export function opensslReason(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const plain = lines.filter((line) => !/^[0-9A-F]+:error:/.test(line));
  const reasons = lines.map((line) =>
    line
      .split(':')
      .slice(5)
      .filter((part) => !/\.c$|^\d+$|^$/.test(part))
      .join(': '),
  );
  return [...plain, ...reasons.filter((reason) => reason.trim() !== '')].join('; ');
}

function summaryOf(text: string): ResultData | undefined {
  const request = readRequest(text);
  return request === undefined ? undefined : requestSummary(request);
}

/** Undefined for what is no request. */
function readRequest(text: string): CertificateRequest | undefined {
  const der = pemBytes(text, /(?:NEW )?CERTIFICATE REQUEST/);
  try {
    return der === undefined ? undefined : certificateRequest(der);
  } catch (error) {
    if (error instanceof ModuleError && error.code === 'DROVER_INVALID_DER') return undefined;
    throw error;
  }
}

/** What is there when it says what is wanted, else what is wanted. */
function finalText(
  { force, state }: CsrParams,
  current: string | undefined,
  { text }: WantedRequest,
): string | undefined {
  if (state === 'absent' || text === undefined || force || current === undefined) return text;
  const [before, after] = [readRequest(current), readRequest(text)];
  if (before === undefined || after === undefined) return text;
  return requestDifferences(before, after).length === 0 ? current : text;
}

function described(given: CsrParams): ResultData {
  return {
    filename: given.path,
    privatekey: given.privatekey_path ?? null,
    subject: subjectFields(given),
    subjectAltName: alternativeNames(given) ?? null,
    keyUsage: given.key_usage ?? null,
    extendedKeyUsage: given.extended_key_usage ?? null,
    basicConstraints: given.basic_constraints ?? null,
    ocspMustStaple: given.ocsp_must_staple,
    name_constraints_permitted: given.name_constraints_permitted ?? [],
    name_constraints_excluded: given.name_constraints_excluded ?? [],
  };
}
