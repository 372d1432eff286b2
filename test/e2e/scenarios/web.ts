import type { Scenario } from '../../support/scenarios/scenario.ts';

/**
 * A web server of the host, of sh and systemd: files of /srv/www; /seen/ tells what came, /moved/ leads there, /slow/ is late,
 * /shut/ wants a login, /packed/ is compressed. Beside it openssl's own, which wants a certificate of the client.
 */
const SERVER = `apt-get install -qy --no-install-recommends openssl >/dev/null 2>&1
mkdir -p /srv/www
echo one >/srv/www/file
touch -d @1700000000 /srv/www/file
cat >/usr/local/bin/serve <<'END'
#!/bin/sh
length=0 since= login= seen=
read -r method path _
while read -r name value && [ -n "\${name%?}" ]; do
  value=\${value%?}
  case $name in
    [Cc]ontent-[Ll]ength:) length=$value ;;
    [Ii]f-[Mm]odified-[Ss]ince:) since=$value ;;
  esac
  case $name in [Aa]uthorization:) login=yes ;; esac
  case $name in
    [Aa]uthorization: | [Uu]ser-[Aa]gent: | [Xx]-* | [Cc]ontent-[Tt]ype: | [Cc]ache-[Cc]ontrol:)
      seen=$(echo "$seen"; echo "$name \${value%%boundary=*}" | tr A-Z a-z) ;;
  esac
done
reply() { # STATUS LENGTH HEADER…
  printf 'HTTP/1.1 %s\\r\\nConnection: close\\r\\nContent-Length: %s\\r\\n' "$1" "$2"
  shift 2
  printf '%s\\r\\n' "$@" ''
}
whole() { # STATUS HEADER: the input is the body
  body=$(mktemp)
  cat >"$body"
  reply "$1" "$(stat -c %s "$body")" "$2"
  cat "$body"
  rm -f "$body"
}
file=/srv/www$path
case $path in
  /seen/*)
    { echo "$method $path"; echo "$seen" | sort; head -c "$length" | tr -d '\\r' | grep -v ^-- | sort; } | whole '200 OK' 'Content-Type: text/plain'
    exit ;;
  /moved/*) reply '302 Found' 0 "Location: /seen/\${path#/moved/}"; exit ;;
  /slow/*) sleep 5 ;;
  /shut/*) [ "$login" ] || { reply '401 Unauthorized' 0 'WWW-Authenticate: Basic realm="shut"'; exit; }
    echo open | whole '200 OK' 'Content-Type: text/plain'
    exit ;;
  /packed/*) echo packed | gzip | whole '200 OK' 'Content-Encoding: gzip'; exit ;;
esac
if [ "$method" = POST ]; then
  reply '201 Created' "$length" 'Content-Type: application/json'
  head -c "$length"
elif [ ! -f "$file" ]; then reply '404 Not Found' 0
else
  changed=$(date -R -u -r "$file" | sed 's/+0000/GMT/')
  if [ "$since" ] && [ "$(date -d "$since" +%s)" -ge "$(date -r "$file" +%s)" ]; then reply '304 Not Modified' 0
  else
    reply '200 OK' "$(stat -c %s "$file")" "Last-Modified: $changed"
    cat "$file"
  fi
fi
END
chmod +x /usr/local/bin/serve
cd /srv
openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout www.key -out www.crt 2>/dev/null
printf '[Socket]\\nListenStream=127.0.0.1:8000\\nListenStream=/run/www.sock\\nAccept=yes\\n' >/etc/systemd/system/www.socket
printf '[Service]\\nExecStart=/usr/local/bin/serve\\nStandardInput=socket\\nStandardOutput=socket\\n' >/etc/systemd/system/www@.service
secure() { # NAME PORT OPTION…
  name=$1 port=$2
  shift 2
  printf '[Service]\\nWorkingDirectory=/srv/www\\nExecStart=/usr/bin/openssl s_server -quiet -WWW -accept %s -cert /srv/www.crt -key /srv/www.key %s\\n' "$port" "$*" >/etc/systemd/system/$name.service
}
secure secure 8443
secure strict 8444 -Verify 1 -CAfile /srv/www.crt
systemctl daemon-reload
systemctl restart www.socket secure strict
until openssl s_client -connect localhost:8443 </dev/null >/dev/null 2>&1; do sleep 0.2; done`;

const AT = 'http://127.0.0.1:8000';
const FILE = { url: `${AT}/file`, dest: '/srv/fetched' };
const STRICT = 'https://localhost:8444/file';
const CLIENT = { client_cert: '/srv/www.crt', client_key: '/srv/www.key' };
/** What the servers have of chance, and what other tests compare. */
const OTHERS = /^\/srv\/www\.(?:key|crt)$/;

type More = Partial<Scenario>;

const download = (args: Scenario['args'], more: More = {}): Scenario => ({
  module: 'get_url',
  args: { ...FILE, ...args },
  changed: true,
  otherFiles: OTHERS,
  ...more,
});

/** To a file of its own, which holds what the server saw of the request. */
const seen = (name: string, args: Scenario['args'], more: More = {}) =>
  download({ url: `${AT}/seen/${name}`, dest: `/srv/${name}`, ...args }, more);

const DOWNLOADS: readonly Scenario[] = [
  download(
    { mode: '0640', owner: 'deploy', group: 'deploy' },
    {
      setup: SERVER,
      sameKeys: [
        ...['checksum_dest', 'checksum_src', 'dest', 'size', 'state', 'status_code', 'url'],
        ...['msg', 'mode', 'owner', 'group', 'md5sum'],
      ],
    },
  ),
  download(
    { force: true, backup: true },
    {
      setup: 'echo two >/srv/www/file',
      look: 'cat /srv/fetched /srv/fetched.*~',
      shows: 'two\none',
    },
  ),
  download(
    {
      checksum: 'sha256:f6936912184481f5edd4c304ce27c5a1a827804fc7f329f43d273b8621870776',
      tmp_dest: '/var/tmp',
    },
    { setup: 'echo three >/srv/www/file', look: 'cat /srv/fetched', shows: 'three' },
  ),
  download(
    { mode: '0600' },
    { unlikeAnsible: 'it leaves the mode when the server says that nothing is new' },
  ),
  download(
    { dest: '/srv/folder/', url: `${AT}/shut/door`, url_username: 'ops', url_password: 'x' },
    { setup: 'mkdir -p /srv/folder', look: 'cat /srv/folder/door', shows: 'open' },
  ),
  seen('login', { url_username: 'ops', url_password: 'x', force_basic_auth: true }),
  seen('headers', { headers: { 'X-Own': 'mine', 'Cache-Control': 'no-store' }, http_agent: 'me' }),
  download({
    url: `${AT}/moved/leaves`,
    dest: '/srv/leaves',
    headers: { 'X-One': '1', 'X-Two': '2' },
    unredirected_headers: ['X-One'],
  }),
  download({ url: `${AT}/packed/it`, dest: '/srv/unpacked' }, { look: 'cat /srv/unpacked' }),
  download({ url: `${AT}/packed/it`, dest: '/srv/packed', decompress: false }),
  download({ url: 'https://localhost:8443/file', dest: '/srv/any', validate_certs: false }),
  download(
    { url: 'https://localhost:8443/file', dest: '/srv/known', ca_path: '/srv/www.crt' },
    { unlikeAnsible: 'only its `uri` has `ca_path`' },
  ),
  download({
    url: STRICT,
    validate_certs: false,
    ...CLIENT,
    dest: '/srv/client',
    ciphers: ['ECDHE-RSA-AES256-GCM-SHA384'],
    use_proxy: false,
    timeout: 5,
  }),
];

const request = (args: Scenario['args'], more: More = {}): Scenario => ({
  module: 'uri',
  args: { return_content: true, ...args },
  changed: false,
  otherFiles: OTHERS,
  sameKeys: ['status', 'content', 'url', 'redirected', 'msg'],
  ...more,
});
const asked = (args: Scenario['args'], more: More = {}) =>
  request({ url: `${AT}/seen/it`, ...args }, more);

const REQUESTS: readonly Scenario[] = [
  request({ url: FILE.url }),
  request(
    { url: AT, method: 'POST', body: { a: [1, 'b'] }, body_format: 'json', status_code: 201 },
    { sameKeys: ['status', 'json'] },
  ),
  request({ url: `${AT}/none`, status_code: [404] }, { sameKeys: ['status'] }),
  request(
    { url: FILE.url, dest: '/srv/by-uri', mode: '0600', owner: 'deploy', group: 'deploy' },
    {
      changed: true,
      look: 'cat /srv/by-uri; stat -c %a /srv/by-uri',
      shows: 'three\n600',
      unlikeAnsible: 'it counts each time',
    },
  ),
  asked({ method: 'PUT', body: 'as it is', http_agent: 'me', headers: { 'X-Own': 'mine' } }),
  asked({ method: 'POST', body: { a: 'b c', d: ['e&', 'f'] }, body_format: 'form-urlencoded' }),
  asked({
    method: 'POST',
    body_format: 'form-multipart',
    body: { plain: 'text', page: { content: '<p>', filename: 'p.html', mime_type: 'text/html' } },
  }),
  asked({ method: 'POST', src: '/srv/www/file', remote_src: true }),
  asked({ url_username: 'ops', url_password: 'x', force_basic_auth: true }),
  asked({ force: true }, { unlikeAnsible: 'it keeps nothing of that in the request' }),
  request({ url: `${AT}/shut/door`, url_username: 'ops', url_password: 'x' }),
  request({ url: `${AT}/moved/it` }),
  request({ url: `${AT}/moved/it`, follow_redirects: 'none', status_code: 302 }),
  request({ url: `${AT}/moved/it`, method: 'POST', follow_redirects: 'all' }),
  request({ url: `${AT}/moved/it`, method: 'POST', follow_redirects: 'safe', status_code: 302 }),
  request({ url: `${AT}/packed/it` }),
  asked({ creates: '/srv/www/file' }, { sameKeys: ['status'] }),
  asked({ removes: '/srv/www/none' }, { sameKeys: ['status'] }),
  asked({ unix_socket: '/run/www.sock' }),
  asked({ use_proxy: false, timeout: 5 }),
  request(
    { url: `${AT}/packed/it`, decompress: false },
    { sameKeys: ['status', 'content_encoding'] },
  ),
  request({
    url: `${AT}/moved/it`,
    headers: { 'X-One': '1', 'X-Two': '2' },
    unredirected_headers: ['X-One'],
  }),
  request({
    url: 'https://localhost:8443/file',
    validate_certs: false,
    ciphers: ['ECDHE-RSA-AES256-GCM-SHA384'],
  }),
  request({ url: STRICT, ca_path: '/srv/www.crt', ...CLIENT }),
];

/** Last: each of them would log in elsewhere too. */
const LOGINS: readonly Scenario[] = [
  seen(
    'netrc',
    {},
    {
      setup: `printf 'machine 127.0.0.1 login ops password x\\n' >/root/.netrc; chmod 600 /root/.netrc`,
    },
  ),
  seen('no-netrc', { use_netrc: false }),
  request({ url: `${AT}/shut/door` }),
  request({ url: `${AT}/shut/door`, use_netrc: false, status_code: 401 }, { sameKeys: ['status'] }),
];

export const webMatrix: readonly Scenario[] = [...DOWNLOADS, ...REQUESTS, ...LOGINS];

/** The first of each. */
export const webScenarios: readonly Scenario[] = [
  ...DOWNLOADS.slice(0, 1),
  ...REQUESTS.slice(0, 2),
];
