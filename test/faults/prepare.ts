/**
 * What makes hosts cheap to ask, as a matrix has thousands of runs: a source of packages that has one alone, where apt would read
 * Debian's lists for seconds each time, and a systemd that asks no generators when it reads its units anew.
 */
import type { FleetHost } from '../fleet/fleet.ts';
import { onHost } from './look.ts';

const SCRIPT = `
[ ! -e /opt/packages/Packages ] || exit 0
set -e
rm -f /lib/systemd/system-generators/*
mkdir -p /opt/packages/tool/DEBIAN /opt/packages/tool/usr/bin
cd /opt/packages
cat >tool/DEBIAN/control <<END
Package: faults-tool
Version: 1.0
Architecture: all
Maintainer: nobody <nobody@example.org>
Description: does nothing
END
printf '#!/bin/sh\\n' >tool/usr/bin/faults-tool
chmod 755 tool/usr/bin/faults-tool
dpkg-deb --build --root-owner-group tool tool.deb >&2
rm -rf /etc/apt/sources.list.d /var/lib/apt/lists/*
echo 'deb [trusted=yes] file:/opt/packages ./' >/etc/apt/sources.list
{
  dpkg-deb --field tool.deb
  echo "Filename: ./tool.deb"
  echo "Size: $(stat -c %s tool.deb)"
  echo "SHA256: $(sha256sum <tool.deb | cut -c 1-64)"
} >Packages`;

/** Does nothing the second time. */
export const prepare = async (host: FleetHost): Promise<void> => void (await onHost(host, SCRIPT));
