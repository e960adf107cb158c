import type { Answer } from '@bartizan/api';
import { podLabels } from '@bartizan/flow';
import { reasonWords } from './reasons.ts';

type Flow = Answer<'flows'>['items'][number];
type End = Flow['source'];

/** What an end of a flow is called: workload, pod, name, entity, address, in this order. */
export function endName({ namespace, workload, pod, names, entity, ip }: End): string {
  const own = workload?.name ?? pod;
  if (own) return namespace ? `${namespace}/${own}` : own;
  if (names[0]) return names[0];
  if (entity && entity !== 'world' && entity !== 'unknown') return entity;
  return ip ?? entity ?? 'not known';
}

/** `8443/TCP`; the destination's port, or the type of an ICMP packet. */
export function portText({ destination, protocol, icmp }: Flow): string {
  if (icmp) return `${protocol} ${icmp.type}`;
  return destination.port === null ? protocol : `${destination.port}/${protocol}`;
}

/** Who decided, as Hubble says it; or what the event itself tells. */
export function decidedBy({ verdict, dropReason, allowedBy, deniedBy, l7 }: Flow): {
  readonly words: string;
  readonly policies: string;
} {
  const policies = deniedBy.length > 0 ? deniedBy : allowedBy;
  const names = policies.map(({ name }) => name).join(', ');
  if (deniedBy.length > 0) return { words: 'Denied by', policies: names };
  if (allowedBy.length > 0) return { words: 'Allowed by', policies: names };
  if (dropReason) return { words: reasonWords(dropReason), policies: '' };
  if (l7?.dns) return { words: `asks for ${l7.dns.query}`, policies: '' };
  if (l7?.http) return { words: `${l7.http.method} ${l7.http.url}`, policies: '' };
  return { words: verdict === 'DROPPED' ? 'no reason given' : '–', policies: '' };
}

/** `10.0.1.7:41000`; an IPv6 address stands in brackets. */
export function endPort({ ip, port }: End): string {
  if (ip === null) return '';
  const address = ip.includes(':') && port !== null ? `[${ip}]` : ip;
  return port === null ? address : `${address}:${port}`;
}

export function ownLabels({ labels }: End): readonly string[] {
  return podLabels(labels);
}

export function serviceName(service: Flow['sourceService']): string | null {
  return service && (service.namespace ? `${service.namespace}/${service.name}` : service.name);
}

export function flagWords({ tcpFlags }: Flow): string {
  return tcpFlags?.join(' ') ?? '';
}
