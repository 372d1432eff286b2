/** Web servers on a host itself, of systemd, sh and openssl, for files below /srv/served. */

/** On port 8000, without a certificate. Whatever follows `?` in an address is passed over. */
export const PLAIN_SERVER = `mkdir -p /srv/served /run/servers
cat >/run/servers/serve <<'END'
#!/bin/sh
read -r _ path _
while read -r line && [ -n "\${line%?}" ]; do :; done
file=/srv/served\${path%%\\?*}
if [ -f "$file" ]; then
  printf 'HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: %s\\r\\n\\r\\n' "$(stat -c %s "$file")"
  cat "$file"
else printf 'HTTP/1.1 404 Not Found\\r\\nConnection: close\\r\\nContent-Length: 0\\r\\n\\r\\n'; fi
END
printf '[Socket]\\nListenStream=127.0.0.1:8000\\nAccept=yes\\n' >/run/systemd/system/served.socket
printf '[Service]\\nExecStart=/bin/sh /run/servers/serve\\nStandardInput=socket\\nStandardOutput=socket\\n' >/run/systemd/system/served@.service
systemctl daemon-reload
systemctl restart served.socket`;

/** On port 8443, with a certificate that nobody vouches for. */
export const UNTRUSTED_SERVER = `apt-get install -qy --no-install-recommends openssl >/dev/null 2>&1
mkdir -p /srv/served /run/servers
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout /run/servers/key -out /run/servers/certificate 2>/dev/null
printf '[Service]\\nWorkingDirectory=/srv/served\\nExecStart=/usr/bin/openssl s_server -quiet -WWW -accept 8443 -cert /run/servers/certificate -key /run/servers/key\\n' >/run/systemd/system/untrusted.service
systemctl daemon-reload
systemctl restart untrusted
until openssl s_client -connect localhost:8443 </dev/null >/dev/null 2>&1; do sleep 0.2; done`;
