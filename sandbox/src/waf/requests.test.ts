import { parseAddress, parseCidr, contains } from '@bartizan/policy';
import { expect, test } from 'vitest';
import { createRandom } from '../seeded.ts';
import { buildPods } from '../world/pods.ts';
import { readAttacks } from './attacks.ts';
import { scans, sqliCampaign } from './campaigns.ts';
import type { WebTraffic } from './requests.ts';
import { createWebTraffic } from './requests.ts';
import type { WebRequest } from './web-request.ts';

const startMinute = 29_000_000;

function traffic(seed: number, campaigns = scans): WebTraffic {
  const random = createRandom(seed);
  return createWebTraffic({ random, pods: buildPods(random), attacks: readAttacks(), campaigns, startMinute });
}

function requests(of: WebTraffic, from: number, to: number): WebRequest[] {
  const all: WebRequest[] = [];
  for (let minute = startMinute - from; minute < startMinute - to; minute += 1) all.push(...of.ofMinute(minute));
  return all;
}

const day = requests(traffic(1), 1440, 0);

test('the same seed makes the same requests, in whatever order minutes are asked for', () => {
  const backwards = traffic(1);
  backwards.ofMinute(startMinute - 5);
  expect(backwards.ofMinute(startMinute - 9)).toEqual(traffic(1).ofMinute(startMinute - 9));
  expect(traffic(2).ofMinute(startMinute - 9)).not.toEqual(traffic(1).ofMinute(startMinute - 9));
});

test('a day has some 7,000 requests, of which 4 to 6 in a hundred match a rule', () => {
  expect(day.length).toBeGreaterThan(5500);
  expect(day.length).toBeLessThan(8500);
  const share = day.filter(({ attack }) => attack).length / day.length;
  expect(share).toBeGreaterThan(0.03);
  expect(share).toBeLessThan(0.06);
});

test('every client has an address that documentation may use', () => {
  const ranges = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32'].map(parseCidr);
  const isOurs = (client: string): boolean => {
    const address = parseCidr(client);
    return address !== undefined && ranges.some((range) => range !== undefined && contains(range, address));
  };
  expect(day.filter(({ client }) => !parseAddress(client) || !isOurs(client))).toEqual([]);
  expect(day.some(({ client }) => client.includes(':'))).toBe(true);
});

test('only where the firewall may block is an attack stopped', () => {
  const judged = day.filter(({ attack }) => attack && attack.score >= 5);
  expect(judged.filter(({ engine, status }) => engine === 'Enabled' && status !== 403 && status !== 400)).toEqual([]);
  expect(judged.filter(({ engine, upstream }) => engine === 'DetectionOnly' && upstream === undefined)).toEqual([]);
  expect(judged.some(({ engine }) => engine === 'DetectionOnly')).toBe(true);
});

test('the campaign begins two hours before the start', () => {
  const isCampaign = ({ client }: WebRequest): boolean => client === '203.0.113.77';
  const campaign = traffic(1, [...scans, ...sqliCampaign]);
  expect(requests(campaign, 240, 121).filter(isCampaign)).toEqual([]);
  expect(requests(campaign, 120, 0).filter(isCampaign).length).toBeGreaterThan(200);
});
