import { assignments, type FactFamily, firstLine } from './family.ts';

/** SELinux, AppArmor, FIPS and capabilities. */
export const selinux: FactFamily = {
  name: 'selinux',
  aliases: [],
  isMinimal: true,
  files: ['/sys/fs/selinux/enforce', '/sys/fs/selinux/policyvers', '/etc/selinux/config'],
  parse(section) {
    const enforce = firstLine(section('/sys/fs/selinux/enforce'));
    if (enforce === '') return { selinux: { status: 'disabled' } };
    const config = assignments(section('/etc/selinux/config'));
    return {
      selinux: {
        status: 'enabled',
        policyvers: Number(firstLine(section('/sys/fs/selinux/policyvers'))) || 'unknown',
        config_mode: config.get('SELINUX') ?? 'unknown',
        mode: enforce === '1' ? 'enforcing' : 'permissive',
        type: config.get('SELINUXTYPE') ?? 'unknown',
      },
    };
  },
};

export const apparmor: FactFamily = {
  name: 'apparmor',
  aliases: [],
  isMinimal: true,
  script: '[ -d /sys/kernel/security/apparmor ] && at enabled && echo yes',
  parse: (section) => ({
    apparmor: { status: firstLine(section('enabled')) === 'yes' ? 'enabled' : 'disabled' },
  }),
};

export const fips: FactFamily = {
  name: 'fips',
  aliases: [],
  isMinimal: true,
  files: ['/proc/sys/crypto/fips_enabled'],
  parse: (section) => ({ fips: firstLine(section('/proc/sys/crypto/fips_enabled')) === '1' }),
};

export const capabilities: FactFamily = {
  name: 'caps',
  aliases: ['system_capabilities', 'system_capabilities_enforced'],
  isMinimal: true,
  script: 'command -v capsh >/dev/null 2>&1 && at capsh && capsh --print',
  parse(section) {
    const current = section('capsh')
      .match(/^Current:(.*)$/m)?.[1]
      ?.trim();
    if (current === undefined) return {};
    const isUnlimited = current === '=ep';
    return {
      system_capabilities_enforced: isUnlimited ? 'False' : 'True',
      system_capabilities: isUnlimited
        ? []
        : current
            .replace(/^=\s*/, '')
            .split(',')
            .map((word) => word.trim()),
    };
  },
};
