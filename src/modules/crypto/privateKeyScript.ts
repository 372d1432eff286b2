/** Makes a private key on the host, or puts it in another form. */
import { ModuleError } from '../../core/errors.ts';
import type { ResultData } from '../../core/results.ts';
import type { Target } from '../../target/target.ts';
import { script } from '../script.ts';
import { linesOf, sectionsOf } from '../scriptOutput.ts';
import { GENERATE_SHELL } from './generatedFile.ts';
import { fingerprints, type KeyType, OPENSSL_SHELL } from './privateKeyState.ts';

export interface KeyRequest {
  readonly type: KeyType;
  readonly size: number;
  /** Empty where the type has none. */
  readonly curve: string;
  readonly format: 'pkcs1' | 'pkcs8' | 'raw';
  readonly cipher: string;
  /** Empty for a key without protection. */
  readonly passphrase: string;
}

/** `… HOW TYPE SIZE CURVE FORMAT CIPHER`; the passphrase is the line on stdin. */
const GENERATE = script`
${GENERATE_SHELL}
${OPENSSL_SHELL}
how=$1 type=$2 size=$3 curve=$4 format=$5 cipher=$6
IFS= read -r passphrase
use_openssl
plain=$tmp/plain
case $how:$type in
  convert:*)
    if [ -n "$passphrase" ]; then with_pass "$passphrase" openssl pkey -in "$path" -out "$plain" || exit 1
    else openssl pkey -in "$path" -out "$plain" </dev/null || exit 1; fi ;;
  *:RSA) openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:$size" -out "$plain" 2>"$tmp/err" ||
    openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:$size" -out "$plain" 2>"$tmp/err" ;;
  *:DSA) openssl dsaparam -out "$tmp/parameters" "$size" 2>"$tmp/err" && openssl genpkey -paramfile "$tmp/parameters" -out "$plain" 2>"$tmp/err" ;;
  *:ECC) openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$curve" -pkeyopt ec_param_enc:named_curve -out "$plain" 2>"$tmp/err" ;;
  *) openssl genpkey -algorithm "$type" -out "$plain" 2>"$tmp/err" ;;
esac || { cat "$tmp/err" >&2; exit 1; }
set -- openssl pkey -in "$plain" -out "$temporary"
[ "$format" != pkcs1 ] || set -- "$@" -traditional
if [ "$format" = raw ]; then
  case $type in *25519) size=32 ;; X448) size=56 ;; *) size=57 ;; esac
  openssl pkey -in "$plain" -outform DER | tail -c "$size" >"$temporary"
elif [ -n "$passphrase" ]; then printf '%s\n' "$passphrase" | "$@" "-$cipher" -passout stdin
else "$@" </dev/null; fi || exit 1
section public; openssl pkey -in "$plain" -pubout -outform DER | base64 | tr -d '\n'; echo
put_in_place
`;

/** Makes or converts the key. @param key what it shall be, in OpenSSL's words. */
export async function generateKey(
  { place, how }: { readonly place: readonly string[]; readonly how: string },
  target: Target,
  { type, size, curve, format, cipher, passphrase }: KeyRequest,
): Promise<ResultData> {
  const { rc, stdout, stderr } = await target.sh(GENERATE, {
    args: [...place, how, type, String(size), curve, format, cipher],
    stdin: `${passphrase}\n`,
  });
  if (rc !== 0) throw new ModuleError(`the key could not be made: ${stderr.toString().trim()}`);
  const sections = sectionsOf(stdout.toString());
  const [backup] = linesOf(sections.get('backup'));
  const publicKey = Buffer.from((sections.get('public') ?? '').trim(), 'base64');
  return {
    fingerprint: fingerprints(publicKey),
    ...(backup === undefined ? {} : { backup_file: backup }),
  };
}
