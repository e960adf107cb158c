import type { Result } from '../model/problem.ts';
import { isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import { joinPath } from '../source/path.ts';
import type { PolicyKind } from '../model/policy.ts';
import { asJson } from './as-json.ts';
import type { PolicyRules, PolicyType, Rule } from './model.ts';
import { parseRule } from './parse-rule.ts';
import { at, isAbsent, obstruct, readList, readObject, readText, refuseOthers } from './reading.ts';
import type { At, Obstacle } from './reading.ts';
import { readSelector } from './selector.ts';

const fields = [
  'kind',
  'name',
  'namespace',
  'description',
  'enabled',
  'subject',
  'selector',
  'policyTypes',
  'enableDefaultDeny',
  'rules',
];

/** Reads a model that came from outside. What is not part of it, or what its kind of policy cannot say, is a problem. */
export function parseRules(model: unknown): Result<PolicyRules> {
  const obstacles: Obstacle[] = [];
  const rules = isPlain(model) ? readModel(model, { path: [], obstacles }) : undefined;
  if (!isPlain(model)) obstacles.push({ code: 'not-a-map', message: 'The model should be a JSON object', path: [] });
  if (obstacles.length === 0 && rules !== undefined) return { ok: true, value: rules };
  return {
    ok: false,
    problems: obstacles.map(({ code, message, path }) => ({ code, severity: 'error', message, path: joinPath(path) })),
  };
}

function isPlain(model: unknown): model is JsonObject {
  return typeof model === 'object' && model !== null && isObject(asJson(model));
}

function readModel(model: JsonObject, place: At): PolicyRules | undefined {
  refuseOthers(model, place, { shown: fields });
  const kind = readText(model['kind'], at(place, 'kind'));
  if (!isKind(kind)) {
    obstruct(
      at(place, 'kind'),
      'bad-kind',
      'kind should be NetworkPolicy, CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy',
    );
    return undefined;
  }
  const isKubernetes = kind === 'NetworkPolicy';
  const name = readText(model['name'], at(place, 'name'));
  if (name === undefined && isAbsent(model['name'])) obstruct(at(place, 'name'), 'incomplete', 'The model has no name');
  const namespace = readText(model['namespace'], at(place, 'namespace')) ?? '';
  if (namespace !== '' && kind === 'CiliumClusterwideNetworkPolicy') {
    obstruct(at(place, 'namespace'), 'not-here', 'A cluster-wide policy has no namespace');
  }
  const description = readText(model['description'], at(place, 'description'));
  const { enabled } = model;
  if (typeof enabled !== 'boolean') obstruct(at(place, 'enabled'), 'not-a-boolean', 'enabled should be true or false');
  const subject = readSubject(model['subject'], kind, at(place, 'subject'));
  if (isAbsent(model['selector']))
    obstruct(at(place, 'selector'), 'incomplete', 'The model has no selector: {} selects every pod');
  const list = readList(model['rules'], at(place, 'rules'));
  if (list === undefined && isAbsent(model['rules']))
    obstruct(at(place, 'rules'), 'incomplete', 'The model has no list of rules');
  const rules = (list ?? []).map((rule, index) => parseRule(rule, kind, at(place, 'rules', index)));
  return {
    kind,
    name: name ?? '',
    namespace,
    ...(description === undefined ? {} : { description }),
    enabled: enabled === true,
    ...(subject ? { subject } : {}),
    selector: readSelector(model['selector'], at(place, 'selector')),
    ...readPolicyTypes(model['policyTypes'], isKubernetes, at(place, 'policyTypes')),
    ...readDefaultDeny(model['enableDefaultDeny'], isKubernetes, at(place, 'enableDefaultDeny')),
    rules: rules.filter((rule): rule is Rule => rule !== undefined),
  };
}

function isKind(kind: string | undefined): kind is PolicyKind {
  return kind === 'NetworkPolicy' || kind === 'CiliumNetworkPolicy' || kind === 'CiliumClusterwideNetworkPolicy';
}

function readSubject(value: JsonValue | undefined, kind: string, place: At): 'nodes' | undefined {
  if (isAbsent(value)) return undefined;
  if (value === 'nodes' && kind === 'CiliumClusterwideNetworkPolicy') return 'nodes';
  obstruct(place, 'not-here', 'subject can only be nodes, in a CiliumClusterwideNetworkPolicy');
  return undefined;
}

function readPolicyTypes(
  value: JsonValue | undefined,
  isKubernetes: boolean,
  place: At,
): { readonly policyTypes?: readonly PolicyType[] } {
  if (isAbsent(value)) return {};
  if (!isKubernetes) obstruct(place, 'not-here', 'Only a NetworkPolicy has policyTypes');
  const types = (readList(value, place) ?? []).flatMap((type, index): readonly PolicyType[] => {
    if (type === 'Ingress' || type === 'Egress') return [type];
    obstruct(at(place, index), 'bad-policy-type', 'The policy type should be Ingress or Egress');
    return [];
  });
  return types.length > 0 ? { policyTypes: types } : {};
}

type DefaultDeny = Pick<PolicyRules, 'enableDefaultDeny'>;

function readDefaultDeny(value: JsonValue | undefined, isKubernetes: boolean, place: At): DefaultDeny {
  if (isAbsent(value)) return {};
  if (isKubernetes) obstruct(place, 'not-here', 'A NetworkPolicy has no enableDefaultDeny');
  const asked = readObject(value, place) ?? {};
  refuseOthers(asked, place, { shown: ['ingress', 'egress'] });
  const flags = (['ingress', 'egress'] as const).flatMap((direction) => {
    const flag = asked[direction];
    if (!isAbsent(flag) && typeof flag !== 'boolean')
      obstruct(at(place, direction), 'not-a-boolean', 'This should be true or false');
    return typeof flag === 'boolean' ? [[direction, flag] as const] : [];
  });
  return flags.length > 0 ? { enableDefaultDeny: Object.fromEntries(flags) } : {};
}
