import type { Direction, Effect, Rule } from '../model/policy.ts';
import type { Selector } from '../model/selector.ts';
import { readCiliumPeers } from './cilium-peers.ts';
import { readPorts } from './ports.ts';
import { fieldsOf, itemsOf, textOf } from './read.ts';
import type { Fields, Reading } from './read.ts';
import { findCollision, placeInNamespace, readRequirements, readSelector } from './selectors.ts';

interface Section {
  readonly field: string;
  readonly direction: Direction;
  readonly effect: Effect;
}

const sections: readonly Section[] = [
  { field: 'ingress', direction: 'ingress', effect: 'allow' },
  { field: 'ingressDeny', direction: 'ingress', effect: 'deny' },
  { field: 'egress', direction: 'egress', effect: 'allow' },
  { field: 'egressDeny', direction: 'egress', effect: 'deny' },
];

/** The rules of `spec` and of every `specs[]` of a CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy. */
export function readCiliumRules(reading: Reading, object: Fields, namespace: string): Rule[] {
  const spec = fieldsOf(reading, object['spec'], 'spec');
  const specs = itemsOf(reading, object['specs'], 'specs') ?? [];
  return [
    ...(spec ? readSpec({ reading, namespace, spec, path: 'spec', name: '' }) : []),
    ...specs.flatMap(({ fields, path }) => readSpec({ reading, namespace, spec: fields, path, name: `${path}.` })),
  ];
}

interface SpecText {
  readonly reading: Reading;
  readonly namespace: string;
  readonly spec: Fields;
  readonly path: string;
  readonly name: string;
}

function readSpec({ reading, namespace, spec, path, name }: SpecText): Rule[] {
  const text = { value: spec['endpointSelector'], path: `${path}.endpointSelector`, source: 'any' };
  const endpoints = readSelector(reading, text) ?? { labels: [], expressions: [] };
  const nodes = readRequirements(reading, { value: spec['nodeSelector'], path: `${path}.nodeSelector`, source: 'any' });
  const requirements = [...endpoints.labels, ...endpoints.expressions];
  const selecting = nodes ?? (namespace === '' ? requirements : placeInNamespace(endpoints, namespace));
  const subject: Selector = { requirements: selecting, cluster: 'any' };
  const subjectSelectsInit = requirements.some(({ source, key }) => source === 'reserved' && key === 'init');
  const enabled = fieldsOf(reading, spec['enableDefaultDeny'], `${path}.enableDefaultDeny`) ?? {};
  return sections.flatMap(({ field, direction, effect }) =>
    (itemsOf(reading, spec[field], `${path}.${field}`) ?? []).map((item): Rule => {
      const ports = readPorts(reading, item.fields, item.path);
      const context = { reading, namespace, subjectSelectsInit, direction, effect };
      const authentication = fieldsOf(reading, item.fields['authentication'], `${item.path}.authentication`);
      return {
        direction,
        effect,
        defaultDeny: enabled[direction] !== false,
        subject,
        subjectIs: nodes ? 'node' : 'endpoint',
        peers: readCiliumPeers(context, item.fields, item.path, ports !== 'all'),
        ports,
        path: item.path,
        name: `${name}${field}[${item.index}]`,
        authentication:
          authentication && (textOf(reading, authentication['mode'], `${item.path}.authentication.mode`) ?? ''),
      };
    }),
  );
}

/** A selector for which Cilium itself throws dice: a sentence that names the key. */
export function findChance(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(findChance).find((found) => found !== undefined);
  if (typeof value !== 'object' || value === null) return undefined;
  const key = findCollision(value);
  if (key !== undefined) {
    return `matchLabels has both "${key}" and "any:${key}": to Cilium they are one key, and which of the two values counts is chance`;
  }
  return Object.values(value)
    .map(findChance)
    .find((found) => found !== undefined);
}
