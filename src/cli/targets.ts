/** Hands the engine the target for a host, a user and an environment: the same object for the same three. */
import type { Connection, ConnectionPool } from '../connection/pool.ts';
import type { BecomeSettings } from '../connection/transport.ts';
import type { Secret } from '../core/secret.ts';
import type { OpenTarget } from '../engine/tasks/preparedItem.ts';
import { RemoteTarget } from '../target/remoteTarget.ts';
import type { Target } from '../target/target.ts';

/** @param addSecret for the passwords that variables hold */
export function targetsOver(pool: ConnectionPool, addSecret: (secret: Secret) => void): OpenTarget {
  const known = new WeakMap<Connection, Map<string, Target>>();
  return async (settings, become, environment) => {
    const { password, privateKeyPassphrase } = settings;
    for (const secret of [password, privateKeyPassphrase, become?.password]) {
      if (secret !== undefined) addSecret(secret);
    }
    const connection = pool.connection(settings);
    const ofConnection = known.get(connection) ?? new Map<string, Target>();
    known.set(connection, ofConnection);
    const key = JSON.stringify([becomeKey(become), environment]);
    const target = ofConnection.get(key) ?? new RemoteTarget({ connection, become, environment });
    ofConnection.set(key, target);
    return target;
  };
}

/** The key stays in memory: the password is part of it, as another one means another login. */
function becomeKey(become: BecomeSettings | undefined): unknown {
  return become === undefined ? null : { ...become, password: become.password?.reveal() };
}
