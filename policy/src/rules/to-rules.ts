import { isEnabled, withoutDisabledLabel } from '../edit/disabled-label.ts';
import { policyKindOf } from '../lower/lower-policy.ts';
import type { PolicyKind } from '../model/policy.ts';
import { isArray, isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import type { Manifest } from '../source/manifest.ts';
import { joinPath, splitPath } from '../source/path.ts';
import { readCiliumItem } from './cilium-read.ts';
import { describedAt } from '../edit/description.ts';
import { readKubernetesItem } from './kubernetes-read.ts';
import type { PolicyRules, PolicyType, Rule, RulesResult } from './model.ts';
import { at, isAbsent, obstruct, readList, readObject, readText, refuseOthers } from './reading.ts';
import type { At, Obstacle } from './reading.ts';
import { sections } from './sections.ts';
import { readSelector } from './selector.ts';

/** What Rule mode shows of a policy, or every reason why it cannot, each with its place. */
export function toRules(manifest: Manifest): RulesResult {
  const obstacles: Obstacle[] = manifest.duplicates.map(({ code, message, path }) => ({
    code,
    message,
    path: splitPath(path),
  }));
  const rules = readPolicy(manifest.object, { path: [], obstacles });
  if (obstacles.length === 0 && rules !== undefined) return { ok: true, rules };
  return {
    ok: false,
    reasons: obstacles.map(({ code, message, path }) => ({
      code,
      message,
      path: joinPath(path),
      ...manifest.place(path),
    })),
  };
}

/** The same of an object without a text. */
export function readPolicy(policy: JsonObject, place: At): PolicyRules | undefined {
  const kind = policyKindOf(policy);
  if (kind === undefined) {
    obstruct(
      place,
      'not-a-policy',
      'Rule mode shows NetworkPolicy, CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy',
    );
    return undefined;
  }
  refuseOthers(policy, place, {
    shown: ['apiVersion', 'kind', 'metadata', 'spec', 'status', ...(kind === 'NetworkPolicy' ? [] : ['description'])],
    hidden: kind === 'NetworkPolicy' ? [] : ['specs'],
  });
  const metadata = isAbsent(policy['metadata']) ? {} : readObject(policy['metadata'], at(place, 'metadata'));
  const hasOnlySpecs = isAbsent(policy['spec']) && !isAbsent(policy['specs']) && kind !== 'NetworkPolicy';
  const spec = hasOnlySpecs ? undefined : readObject(policy['spec'], at(place, 'spec'));
  if (metadata === undefined || spec === undefined) return undefined;
  refuseOthers(metadata, at(place, 'metadata'), { shown: metadataFields });
  const namespace = readText(metadata['namespace'], at(place, 'metadata', 'namespace')) ?? '';
  if (kind === 'CiliumClusterwideNetworkPolicy' && namespace !== '') {
    obstruct(at(place, 'metadata', 'namespace'), 'not-here', 'A cluster-wide policy has no namespace');
  }
  const description = readText(describedAt(kind, policy).value, at(place, ...describedAt(kind, policy).path));
  return {
    kind,
    name: readText(metadata['name'], at(place, 'metadata', 'name')) ?? '',
    namespace,
    ...(description === undefined ? {} : { description }),
    enabled: isEnabled(policy),
    ...(kind === 'NetworkPolicy'
      ? readKubernetesSpec(spec, at(place, 'spec'))
      : readCiliumSpec(spec, at(place, 'spec'), kind)),
  };
}

/** ObjectMeta of Kubernetes 1.35; none of it is about rules. */
const metadataFields = [
  'annotations',
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'finalizers',
  'generateName',
  'generation',
  'labels',
  'managedFields',
  'name',
  'namespace',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
];

type SpecPart = Pick<PolicyRules, 'subject' | 'selector' | 'policyTypes' | 'enableDefaultDeny' | 'rules'>;

function readKubernetesSpec(spec: JsonObject, place: At): SpecPart {
  refuseOthers(spec, place, { shown: ['podSelector', 'policyTypes', 'ingress', 'egress'] });
  const types = readList(spec['policyTypes'], at(place, 'policyTypes')) ?? [];
  const policyTypes = types.flatMap((type, index): readonly PolicyType[] => {
    if (type === 'Ingress' || type === 'Egress') return [type];
    obstruct(at(place, 'policyTypes', index), 'bad-policy-type', 'The policy type should be Ingress or Egress');
    return [];
  });
  return {
    selector: readSelector(withoutDisabledLabel(spec['podSelector']), at(place, 'podSelector')),
    ...(policyTypes.length > 0 ? { policyTypes } : {}),
    rules: readSections(spec, place, readKubernetesItem),
  };
}

const ciliumFields = {
  shown: ['endpointSelector', 'nodeSelector', 'description', 'enableDefaultDeny', ...sections.map(({ key }) => key)],
  hidden: ['labels', 'log'],
};

function readCiliumSpec(spec: JsonObject, place: At, kind: PolicyKind): SpecPart {
  refuseOthers(spec, place, ciliumFields);
  const isNode = isAbsent(spec['endpointSelector']) && isObject(spec['nodeSelector']);
  const key = isNode ? 'nodeSelector' : 'endpointSelector';
  if (isAbsent(spec[key]))
    obstruct(at(place, key), 'no-selector', `Cilium needs an ${key}; an empty one selects every pod`);
  if (isNode && kind !== 'CiliumClusterwideNetworkPolicy') {
    obstruct(at(place, key), 'not-shown', 'Only a cluster-wide policy can select nodes');
  } else if (!isNode && !isAbsent(spec['nodeSelector'])) {
    obstruct(at(place, 'nodeSelector'), 'two-selectors', 'Cilium takes either an endpointSelector or a nodeSelector');
  }
  const enableDefaultDeny = readDefaultDeny(spec['enableDefaultDeny'], at(place, 'enableDefaultDeny'));
  return {
    ...(isNode ? { subject: 'nodes' as const } : {}),
    selector: readSelector(withoutDisabledLabel(spec[key]), at(place, key)),
    ...(Object.keys(enableDefaultDeny).length > 0 ? { enableDefaultDeny } : {}),
    rules: readSections(spec, place, readCiliumItem),
  };
}

function readDefaultDeny(value: JsonValue | undefined, place: At): { ingress?: boolean; egress?: boolean } {
  if (isAbsent(value)) return {};
  const asked = readObject(value, place) ?? {};
  refuseOthers(asked, place, { shown: ['ingress', 'egress'] });
  const read = (['ingress', 'egress'] as const).flatMap((direction) => {
    const flag = asked[direction];
    if (!isAbsent(flag) && typeof flag !== 'boolean')
      obstruct(at(place, direction), 'not-a-boolean', 'This should be true or false');
    return typeof flag === 'boolean' ? [[direction, flag] as const] : [];
  });
  return Object.fromEntries(read);
}

/** In the order of the manifest, so that Rule mode and YAML show the same order. */
function readSections(
  spec: JsonObject,
  place: At,
  readItem: (item: JsonValue, section: (typeof sections)[number], place: At) => Rule | undefined,
): readonly Rule[] {
  return Object.keys(spec).flatMap((key) => {
    const section = sections.find((each) => each.key === key);
    const value = spec[key];
    if (section === undefined || isAbsent(value)) return [];
    if (!isArray(value)) {
      obstruct(at(place, key), 'not-a-list', `${key} should be a list`);
      return [];
    }
    const read = value.map((item, index) => readItem(item, section, at(place, key, index)));
    return read.filter((rule) => rule !== undefined);
  });
}
