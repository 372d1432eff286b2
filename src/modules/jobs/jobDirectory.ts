import type { Controller } from '../controller.ts';

/** Where jobs are kept on the host: `ansible_async_dir`, else below the user's home. */
export function jobDirectory({ variable }: Pick<Controller, 'variable'>): string {
  const configured = variable('ansible_async_dir');
  return typeof configured === 'string' && configured !== '' ? configured : '~/.ansible_async';
}
