import type { PolicyRule, RulePeer } from '@bartizan/policy';
import type { ReactNode } from 'react';
import { printCidr, readCidr } from '../../editor/address-text.ts';
import { podsOfPeer } from '../../editor/pod-match.ts';
import type { Place } from '../../editor/pod-match.ts';
import { printName, readName } from '../../editor/request-text.ts';
import { entities, replacePart } from '../../editor/rule-edit.ts';
import type { PeerPart } from '../../editor/rule-edit.ts';
import type { Typed } from '../../editor/selector-text.ts';
import { ChipInput } from './ChipInput.tsx';
import { useEditorPods } from './editor-pods.ts';
import { MatchLine } from './MatchLine.tsx';
import { PodFields } from './PodFields.tsx';

interface Props {
  readonly rule: PolicyRule;
  readonly part: PeerPart;
  readonly place: Place;
  readonly label: string;
  readonly onChange: (rule: PolicyRule) => void;
}

/** What completes one part of the sentence: labels, entities, ranges or names. */
export function PeerPartFields({ rule, part, place, label, onChange }: Props): ReactNode {
  const { pods } = useEditorPods();
  const put = (peers: readonly RulePeer[]) => onChange(replacePart(rule, part, peers));
  switch (part.type) {
    case 'pods': {
      const [peer] = part.peers;
      if (peer?.type !== 'pods') return null;
      return (
        <>
          <PodFields peer={peer} place={place} label={label} onChange={(changed) => put([changed])} />
          <MatchLine matching={pods && podsOfPeer(peer, pods, place)} of={label} />
        </>
      );
    }
    case 'entity':
      return (
        <PeerList
          label={`Entities of ${label}`}
          example="world"
          peers={part.peers}
          print={(peer) => (peer.type === 'entity' ? peer.entity : '')}
          read={readEntity}
          onChange={put}
          choices={entities}
          blank={{ type: 'entity', entity: '' }}
        />
      );
    case 'cidr':
      return (
        <PeerList
          label={`Address ranges of ${label}`}
          example="10.0.0.0/8 except 10.1.0.0/16"
          peers={part.peers}
          print={(peer) => (peer.type === 'cidr' && peer.cidr !== '' ? printCidr(peer) : '')}
          read={readCidr}
          onChange={put}
          choices={[]}
          blank={{ type: 'cidr', cidr: '' }}
        />
      );
    case 'dns':
      return (
        <PeerList
          label={`Names of ${label}`}
          example="api.example.org"
          peers={part.peers}
          print={(peer) => (peer.type === 'dns' ? printName(peer) : '')}
          read={readDnsPeer}
          onChange={put}
          choices={[]}
          blank={{ type: 'dns', name: '' }}
        />
      );
    case 'any':
    case 'nobody':
      return null;
    default:
      return part.type satisfies never;
  }
}

function readEntity(text: string): Typed<RulePeer> {
  const entity = text.trim().toLowerCase();
  const known = entities.find((one) => one === entity);
  if (known) return { ok: true, value: { type: 'entity', entity: known } };
  return { ok: false, message: `“${text.trim()}” is no entity: there are ${entities.join(', ')}` };
}

function readDnsPeer(text: string): Typed<RulePeer> {
  const name = readName(text);
  return name.ok ? { ok: true, value: { type: 'dns', ...name.value } } : name;
}

/** Peers of one type; a blank one stands where none is chosen yet. */
function PeerList(props: {
  readonly label: string;
  readonly example: string;
  readonly peers: readonly RulePeer[];
  readonly print: (peer: RulePeer) => string;
  readonly read: (text: string) => Typed<RulePeer>;
  readonly onChange: (peers: readonly RulePeer[]) => void;
  readonly choices: readonly string[];
  readonly blank: RulePeer;
}): ReactNode {
  const { label, example, print, read, onChange, choices, blank } = props;
  const peers = props.peers.filter((peer) => print(peer) !== '');
  const chips = peers.map(print);
  const put = (next: readonly RulePeer[]) => onChange(next.length === 0 ? [blank] : next);
  return (
    <ChipInput
      label={label}
      chips={chips}
      example={example}
      read={read}
      onAdd={(peer) => put([...peers, peer])}
      onRemove={(index) => put(peers.toSpliced(index, 1))}
      suggest={(typed) =>
        choices
          .filter((one) => one.includes(typed.trim().toLowerCase()) && !chips.includes(one))
          .map((text) => ({ text, note: entityWords[text] ?? '' }))
      }
    />
  );
}

const entityWords: Readonly<Record<string, string>> = {
  all: 'anyone at all',
  world: 'every address outside the cluster',
  'world-ipv4': 'IPv4 addresses outside',
  'world-ipv6': 'IPv6 addresses outside',
  cluster: 'everything inside the cluster',
  host: 'the node a pod runs on',
  'remote-node': 'the other nodes',
  'kube-apiserver': 'the Kubernetes API server',
  ingress: 'Cilium’s own ingress proxy',
  health: 'Cilium’s health checks',
  init: 'pods whose identity is not known yet',
  unmanaged: 'pods that Cilium does not manage',
  none: 'nobody',
};
