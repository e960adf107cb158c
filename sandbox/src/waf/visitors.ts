import type { Random } from '../seeded.ts';

export interface Visitor {
  readonly address: string;
  readonly agent: string;
}

const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  'AlpenShop/7.12.0 (Android 15; okhttp/4.12.0)',
];

const ranges = ['192.0.2', '198.51.100', '203.0.113'];

/** Shoppers from the documentation ranges; every fourth comes over IPv6. The last 64 of 203.0.113 are left to attackers. */
export function createVisitors(random: Random, count: number): readonly Visitor[] {
  return Array.from({ length: count }, () => ({ address: addressOf(random), agent: random.pick(agents) }));
}

function addressOf(random: Random): string {
  if (random.next() < 0.25) return `2001:db8:${random.hex(2)}:${random.below(80) + 1}::${random.below(60) + 1}`;
  return `${random.pick(ranges)}.${random.below(60) + 1}`;
}
