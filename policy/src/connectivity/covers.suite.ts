import type { ConnectivityItem } from './connectivity.ts';

/** Whether an item lists a connection; an address is covered by its range. */
export function covers(
  item: ConnectivityItem,
  asked: { from: string; to: string; protocol: string; port: number },
): boolean {
  if (!overlaps(item.from, asked.from) || !overlaps(item.to, asked.to)) return false;
  const connection = item.connections.find(({ protocol }) => protocol === asked.protocol);
  return connection?.ports.some(([first, last]) => first <= asked.port && asked.port <= last) === true;
}

export function overlaps(one: string, other: string): boolean {
  if (one.includes('/') || other.includes('/')) return one === other;
  const [first, last] = boundsOf(one);
  const [from, to] = boundsOf(other);
  return first <= to && from <= last;
}

function boundsOf(range: string): [number, number] {
  const [first = '', last = first] = range.split('-');
  return [numberOf(first), numberOf(last)];
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
