import type { Random } from '../seeded.ts';
import type { Pod } from '../world/pods.ts';
import type { Attack, AttackBook } from './attacks.ts';
import { withWord } from './attacks.ts';
import type { Campaign } from './campaigns.ts';
import { attackers, background, falseAlarms } from './campaigns.ts';
import type { Page } from './pages.ts';
import type { RequestMaker } from './request-maker.ts';
import { createRequestMaker } from './request-maker.ts';
import { longWords, pages, skus, words } from './pages.ts';
import type { Visitor } from './visitors.ts';
import { createVisitors } from './visitors.ts';
import type { WebRequest } from './web-request.ts';
import { busyness } from '../traffic/day-curve.ts';
import { chooser } from '../traffic/weighted.ts';

export interface WebTraffic {
  /** The requests of one minute, oldest first; the same minute is always the same. */
  ofMinute(minute: number): readonly WebRequest[];
}

const pageViewsPerMinute = 5;
const attacksPerMinute = 0.25;
const falseAlarmsPerMinute = 0.07;

export function createWebTraffic(options: {
  readonly random: Random;
  readonly pods: readonly Pod[];
  readonly attacks: AttackBook;
  readonly campaigns: readonly Campaign[];
  /** The minute in which the sandbox began. */
  readonly startMinute: number;
}): WebTraffic {
  const root = options.random.fork('web');
  const visitors = createVisitors(root.fork('visitors'), 900);
  const maker = createRequestMaker(options.pods);
  const pickPage = chooser(pages);
  const pickBackground = chooser(background);
  const pickFalseAlarm = chooser(falseAlarms);

  return {
    ofMinute(minute) {
      const random = root.fork(`${minute}`);
      const busy = busyness(minute - options.startMinute);
      const make = maker(random);
      const requests: WebRequest[] = [];
      const times = (perMinute: number): number[] =>
        Array.from({ length: Math.floor(perMinute + random.next()) }, () => minute * 60_000 + random.below(60_000));
      for (const time of times(pageViewsPerMinute * busy)) {
        const visitor = random.pick(visitors);
        requests.push(...visit(make, random, { page: pickPage(random.next()), visitor, time }));
      }
      for (const time of times(attacksPerMinute * (0.4 + 0.6 * busy))) {
        const kind = pickBackground(random.next());
        const attack = vary(options.attacks.get(random.pick(kind.attacks)), random);
        requests.push(make.hostile({ host: kind.host, attack, client: random.pick(attackers), time }));
      }
      for (const time of times(falseAlarmsPerMinute * busy)) {
        const attack = options.attacks.get(random.pick(pickFalseAlarm(random.next()).attacks));
        requests.push(
          make.hostile({ host: 'shop.alpenshop.example', attack, client: random.pick(visitors).address, time }),
        );
      }
      const ago = options.startMinute - minute;
      for (const campaign of options.campaigns.filter(({ from, until = -Infinity }) => ago <= from && ago > until)) {
        for (const time of times(campaign.perMinute)) {
          const attack = vary(options.attacks.get(random.pick(campaign.attacks)), random);
          requests.push(make.hostile({ host: campaign.host, attack, client: random.pick(campaign.clients), time }));
        }
      }
      return requests.toSorted((left, right) => left.time - right.time);
    },
  };
}

function visit(
  make: RequestMaker,
  random: Random,
  { page, visitor, time }: { readonly page: Page; readonly visitor: Visitor; readonly time: number },
): WebRequest[] {
  const fill = { '{sku}': random.pick(skus), '{word}': random.pick(words), '{order}': random.hex(6) };
  const filled = (text: string): string =>
    Object.entries(fill).reduce((all, [mark, value]) => all.replace(mark, value), text);
  const first = page.requests[0];
  let at = time;
  return page.requests.map(({ method, uri, status, bytes }, index) => {
    at += index === 0 ? 0 : 40 + random.below(900);
    const referer = index === 0 || !first ? undefined : `https://${page.host}${filled(first.uri)}`;
    const varied = bytes === 0 ? 0 : bytes + random.below(Math.ceil(bytes / 10));
    return make.harmless({
      time: at,
      client: visitor.address,
      agent: visitor.agent,
      host: page.host,
      method,
      uri: filled(uri),
      status,
      bytes: varied,
      referer,
    });
  });
}

function vary(attack: Attack, random: Random): Attack {
  const { word } = attack;
  if (word === undefined) return attack;
  const choices = [...words, ...longWords, random.hex(6)].filter(({ length }) => length === word.length);
  return choices.length === 0 ? attack : withWord(attack, random.pick(choices));
}
