/** Packet filters. */
import type { Module } from '../module.ts';
import { firewalld } from './firewalld.ts';
import { iptables } from './iptables.ts';
import { ufw } from './ufw.ts';

export const firewallModules: readonly Module[] = [firewalld, iptables, ufw];
