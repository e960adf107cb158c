import type { RulePeer } from '@bartizan/policy';
import type { Typed } from './selector-text.ts';

type Cidr = Extract<RulePeer, { type: 'cidr' }>;

const wrong = 'A range is written like 10.0.0.0/8 or 2001:db8::/32';

/** `10.0.0.0/8`, `10.0.0.0/8 except 10.1.0.0/16, 10.2.0.0/16`; a single address is a range of one. */
export function readCidr(text: string): Typed<Cidr> {
  const [range = '', rest] = text.trim().split(/\s+except\s+/i);
  const cidr = toRange(range);
  if (cidr === null) return { ok: false, message: wrong };
  if (rest === undefined) return { ok: true, value: { type: 'cidr', cidr } };
  const except = rest.split(/[\s,]+/).filter((one) => one !== '');
  const ranges = except.map(toRange);
  const bad = except.find((_, index) => ranges[index] === null);
  if (bad !== undefined || ranges.length === 0) return { ok: false, message: `After “except”: ${wrong.toLowerCase()}` };
  return { ok: true, value: { type: 'cidr', cidr, except: ranges.filter((one) => one !== null) } };
}

function toRange(text: string): string | null {
  const match = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text);
  if (!match) return null;
  const [, address = '', bits] = match;
  const isSix = address.includes(':');
  const isAddress = isSix ? /^[0-9a-f:]*:[0-9a-f:.]*$/i.test(address) : isFour(address);
  const most = isSix ? 128 : 32;
  return isAddress && Number(bits ?? most) <= most ? `${address}/${bits ?? most}` : null;
}

function isFour(address: string): boolean {
  const parts = address.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

export function printCidr({ cidr, except = [] }: Pick<Cidr, 'cidr' | 'except'>): string {
  return except.length === 0 ? cidr : `${cidr} except ${except.join(', ')}`;
}
