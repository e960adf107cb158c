import type { JsonValue } from '../source/json.ts';
import type { Peer, Rule } from './model.ts';
import { readKubernetesPort } from './ports.ts';
import { at, isAbsent, name, obstruct, readList, readObject, readText, readTexts, refuseOthers } from './reading.ts';
import type { At } from './reading.ts';
import type { Section } from './sections.ts';
import { readSelector } from './selector.ts';

/** Where an entry names its peers. */
export const kubernetesPeerKeys: Readonly<Record<Section['direction'], string>> = {
  ingress: 'from',
  egress: 'to',
};

/** One entry of `ingress` or `egress` of a NetworkPolicy: without peers anyone is meant, without ports every port. */
export function readKubernetesItem(value: JsonValue, { direction }: Section, place: At): Rule | undefined {
  const item = readObject(value, place);
  if (item === undefined) return undefined;
  const key = kubernetesPeerKeys[direction];
  refuseOthers(item, place, { shown: [key, 'ports'] });
  const list = readList(item[key], at(place, key)) ?? [];
  const peers = list.flatMap((peer, index) => readPeer(peer, at(place, key, index)));
  const ports = (readList(item['ports'], at(place, 'ports')) ?? []).flatMap((port, index) =>
    readKubernetesPort(port, at(place, 'ports', index)),
  );
  return { direction, action: 'allow', peers: list.length === 0 ? [{ type: 'any' }] : peers, ports };
}

function readPeer(value: JsonValue, place: At): readonly Peer[] {
  const peer = readObject(value, place);
  if (peer === undefined) return [];
  refuseOthers(peer, place, { shown: ['podSelector', 'namespaceSelector', 'ipBlock'] });
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const hasSelector = !isAbsent(podSelector) || !isAbsent(namespaceSelector);
  if (hasSelector === !isAbsent(ipBlock)) {
    obstruct(place, 'bad-peer', `${name(place)} should hold either selectors or an ipBlock`);
    return [];
  }
  if (!hasSelector) return readBlock(ipBlock, at(place, 'ipBlock'));
  return [
    {
      type: 'pods',
      ...(isAbsent(podSelector) ? {} : { pods: readSelector(podSelector, at(place, 'podSelector')) }),
      ...(isAbsent(namespaceSelector)
        ? {}
        : { namespaces: readSelector(namespaceSelector, at(place, 'namespaceSelector')) }),
    },
  ];
}

function readBlock(value: JsonValue | undefined, place: At): readonly Peer[] {
  const block = readObject(value, place);
  if (block === undefined) return [];
  refuseOthers(block, place, { shown: ['cidr', 'except'] });
  const cidr = readText(block['cidr'], at(place, 'cidr'));
  const except = readTexts(block['except'], at(place, 'except'));
  if (cidr === undefined) {
    obstruct(place, 'incomplete', `${name(place)} has no cidr`);
    return [];
  }
  return [{ type: 'cidr', cidr, ...(except.length > 0 ? { except } : {}) }];
}
