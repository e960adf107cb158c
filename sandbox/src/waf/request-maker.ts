import type { Random } from '../seeded.ts';
import { hashOf } from '../seeded.ts';
import { hosts } from '../world/places.ts';
import type { Pod } from '../world/pods.ts';
import type { Attack } from './attacks.ts';
import type { WebRequest } from './web-request.ts';

type Asked = Pick<WebRequest, 'time' | 'client' | 'agent' | 'host' | 'method' | 'uri' | 'status' | 'bytes' | 'referer'>;

export interface Hostile {
  readonly host: string;
  readonly attack: Attack;
  readonly client: string;
  readonly time: number;
}

export interface RequestMaker {
  readonly harmless: (asked: Asked) => WebRequest;
  readonly hostile: (from: Hostile) => WebRequest;
}

/** The host whose firewall only watches. */
const watchedOnly = 'pay.alpenshop.example';

/** Fills in what the ingress adds to a request: ports, sizes, times, ids, the pod that answered. */
export function createRequestMaker(pods: readonly Pod[]): (random: Random) => RequestMaker {
  const sites = new Map(
    hosts.map(({ host, namespace, workload, upstream, port }) => {
      const own = pods.filter((pod) => pod.workload.name === workload && pod.workload.namespace === namespace);
      return [host as string, { upstream, backends: own.map(({ address }) => `${address}:${port}`) }];
    }),
  );

  function complete(
    asked: Asked,
    reached: { readonly attack: Attack | undefined; readonly pod: boolean },
    random: Random,
  ): WebRequest {
    const { time, client, agent, host, method, uri, status, bytes, referer } = asked;
    const site = sites.get(host) ?? fallback;
    const { attack } = reached;
    return {
      time,
      client,
      agent,
      host,
      method,
      uri,
      status,
      bytes,
      referer,
      attack,
      port: 32_768 + random.below(28_000),
      length: 180 + uri.length + (agent?.length ?? 0) + (attack?.body?.length ?? 0),
      durationMs: reached.pod ? 2 + Math.floor(160 * random.next() ** 4) : random.below(3),
      upstreamName: site.upstream,
      upstream: reached.pod ? random.pick(site.backends) : undefined,
      requestId: random.hex(32),
      uniqueId: attack ? uniqueId(time, random) : '',
      engine: host === watchedOnly ? 'DetectionOnly' : 'Enabled',
    };
  }

  return (random) => ({
    harmless: (asked) => complete(asked, { attack: undefined, pod: true }, random),
    hostile({ attack, client, time, ...from }) {
      const host = attack.host ?? from.host;
      const stopped = host !== watchedOnly && attack.score >= threshold;
      const status = stopped ? attack.blockedWith : answerTo(attack, host);
      const bytes = stopped ? (attack.blockedWith === 400 ? 157 : 153) : 402;
      const { method, uri } = attack;
      const agent = attack.agent ?? agentOf(client);
      return complete(
        { host, client, time, method, uri, agent, status, bytes, referer: undefined },
        { attack, pod: !stopped },
        random,
      );
    },
  });
}

/** What the application says to an attack that reaches it. */
function answerTo({ host: ownHost, method, blockedWith }: Attack, host: string): number {
  if (ownHost !== undefined) return blockedWith;
  return host === watchedOnly && method === 'POST' ? 404 : 200;
}

/** ModSecurity's own id: seconds, up to two digits, and a fraction of six. */
function uniqueId(time: number, random: Random): string {
  return `${Math.floor(time / 1000)}${random.below(100)}.${`${random.below(1_000_000)}`.padStart(6, '0')}`;
}

/** Where ingress-nginx sends what asks for no host of its own. */
const fallback = { upstream: 'upstream-default-backend', backends: ['127.0.0.1:8181'] };
const threshold = 5;

const agents = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'python-requests/2.32.3',
];

/** An address keeps its program. */
function agentOf(client: string): string {
  return agents[hashOf(client) % agents.length] ?? '';
}
