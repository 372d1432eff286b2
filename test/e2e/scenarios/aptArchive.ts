/** An archive of small packages on the host itself, so that every parameter of `apt` has something to act on. */

/**
 * Suites `stable` and `next` below /srv/apt. `probe` depends on probe-lib (in `next` on probe-new too) and recommends
 * probe-extra; its configuration file tells its version, and its script what policy-rc.d answered.
 */
export const LOCAL_ARCHIVE = `build() { # SUITE NAME VERSION FIELDS…
  suite=$1 name=$2 version=$3 root=$(mktemp -d)
  shift 3
  mkdir -p $root/DEBIAN /srv/apt/$suite
  printf '%s\\n' "Package: $name" "Version: $version" 'Architecture: all' 'Maintainer: Ops <ops@example.org>' "$@" \\
    'Description: something to install' >$root/DEBIAN/control
  if [ $name = probe ]; then
    mkdir $root/etc
    echo "version $version" >$root/etc/probe.conf
    echo /etc/probe.conf >$root/DEBIAN/conffiles
    printf '#!/bin/sh\\nif [ -x /usr/sbin/policy-rc.d ]; then /usr/sbin/policy-rc.d; fi\\necho $? >/etc/probe-policy\\n' >$root/DEBIAN/postinst
    chmod 755 $root/DEBIAN/postinst
  fi
  dpkg-deb --root-owner-group -b $root /srv/apt/$suite/$name.deb >/dev/null
}
index() { # SUITE
  cd /srv/apt/$1
  for deb in *.deb; do
    dpkg-deb -f $deb
    printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' $deb $(stat -c %s $deb) $(sha256sum $deb | cut -c1-64)
  done >Packages
  printf 'Package: probe\\nBinary: probe\\nVersion: 1.0\\nBuild-Depends: probe-build\\nFormat: 1.0\\nDirectory: .\\nFiles:\\n %s 0 probe.dsc\\n\\n' d41d8cd98f00b204e9800998ecf8427e >Sources
  printf 'Suite: %s\\nSHA256:\\n' $1 >Release
  for file in Packages Sources; do
    printf ' %s %s %s\\n' $(sha256sum $file | cut -c1-64) $(stat -c %s $file) $file
  done >>Release
}
build stable probe 1.0 'Depends: probe-lib' 'Recommends: probe-extra'
build stable probe-lib 1.0
build stable probe-extra 1.0
build stable probe-build 1.0
build stable build-essential 1.0
build next probe 2.0 'Depends: probe-lib, probe-new' 'Recommends: probe-extra'
build next probe-new 2.0
build next probe-extra 2.0
index stable
index next
rm /etc/apt/sources.list`;

/** The lines of the local archive that are in force. */
export function sources(...suites: readonly string[]): string {
  const lines = suites.map((suite) => `deb [trusted=yes] file:/srv/apt/${suite} ./`);
  return `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} >/etc/apt/sources.list; apt-get update -qq`;
}
