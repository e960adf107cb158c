import { list, part, say } from './words.ts';
import type { Phrase } from './words.ts';

/** Addresses never mean pods or nodes of the cluster: in Cilium only what is outside has an address identity (WORD-24). */
export function cidrPhrase(cidr: string, except: readonly string[]): Phrase {
  const holes = except.length === 0 ? say`` : say` except ${list(except.map((hole) => say`${part('cidr', hole)}`))}`;
  if (/^0\.0\.0\.0\/0+$/.test(cidr)) return say`any IPv4 address outside the cluster (${part('cidr', cidr)}${holes})`;
  if (/^(?:::|0:0:0:0:0:0:0:0)\/0+$/.test(cidr))
    return say`any IPv6 address outside the cluster (${part('cidr', cidr)}${holes})`;
  const noun = cidr.includes('/') ? 'addresses' : 'address';
  return say`${noun} outside the cluster in ${part('cidr', cidr)}${holes}`;
}

/** What Kubernetes itself says of an `ipBlock`: meant for addresses outside; whether pods match depends on the network. */
export function ipBlockPhrase(cidr: string, except: readonly string[]): Phrase {
  const holes = except.length === 0 ? say`` : say` except ${list(except.map((hole) => say`${part('cidr', hole)}`))}`;
  const family = cidr.includes(':') ? 'IPv6' : 'IPv4';
  return /\/0+$/.test(cidr)
    ? say`any ${family} address (${part('cidr', cidr)}${holes})`
    : say`${family} addresses in ${part('cidr', cidr)}${holes}`;
}
