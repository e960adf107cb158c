import { requestOf } from './waf-logs.ts';
import type { Request } from './waf-logs.ts';

/** How many different ones there are, a few of them in most requests. */
export const clients = 50_000;
export const paths = 20_000;

const oneAttackIn = 20;

/** The request of that number, the same each time; its client and its path are as unevenly spread as those of a shop. */
export function trafficAt(index: number, timeMs: number): Request {
  const isAttack = index % oneAttackIn === 0;
  const client = skewed(clients, index * 2 + 1);
  const path = skewed(paths, index * 2);
  const request = requestOf(attackNumber(index), timeMs, isAttack);
  const query = request.uri.slice(request.uri.indexOf('?'));
  return {
    ...request,
    client: `203.${client >> 16}.${(client >> 8) & 255}.${client & 255}`,
    uri: `/${sections[path % sections.length]}/${path}/reviews${query}`,
    status: request.isAttack ? 403 : (statuses[mixed(index) % statuses.length] ?? 200),
  };
}

/** Attacks are of every kind in turn. */
export function attackNumber(index: number): number {
  return Math.floor(index / oneAttackIn);
}

const sections = ['product', 'category', 'search', 'account', 'cart'];
const statuses = [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 304, 304, 404, 404, 302, 301, 500];

/** Half of them lie in the first eighth. */
function skewed(most: number, seed: number): number {
  return Math.floor(most * (mixed(seed) / 2 ** 32) ** 3);
}

/** Steele, Lea, Flood 2014: mixes the bits of a number so that none of the next is like it. */
function mixed(seed: number): number {
  let bits = Math.imul(seed ^ (seed >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}
