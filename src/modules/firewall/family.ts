/** Packet filters. */
import type { Module } from '../module.ts';
import { iptables } from './iptables.ts';

export const firewallModules: readonly Module[] = [iptables];
