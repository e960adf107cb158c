import type { JsonObject } from '../json.ts';
import { apiVersionOf, resources } from './resources.ts';

const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

/** Groups that answer questions and keep nothing. */
const reviews = [
  { plural: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview' },
  { plural: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview' },
];

export const reviewGroup = 'authorization.k8s.io';

export function versionAnswer(): JsonObject {
  return {
    major: '1',
    minor: '34',
    gitVersion: 'v1.34.2',
    gitCommit: '0000000000000000000000000000000000000000',
    gitTreeState: 'clean',
    buildDate: '2026-10-14T00:00:00Z',
    goVersion: 'go1.25.3',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}

export function apiVersions(address: string): JsonObject {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
  };
}

export function apiGroups(): JsonObject {
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups().map(({ name, version }) => groupEntry(name, version)),
  };
}

export function apiGroup(name: string): JsonObject | undefined {
  const found = groups().find((group) => group.name === name);
  return found && { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(found.name, found.version) };
}

export function apiResources(groupVersion: string): JsonObject | undefined {
  if (groupVersion === `${reviewGroup}/v1`) {
    const list = reviews.map(({ plural, kind }) => ({
      name: plural,
      singularName: kind.toLowerCase(),
      namespaced: false,
      kind,
      verbs: ['create'],
    }));
    return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: list };
  }
  const found = resources.filter((resource) => apiVersionOf(resource) === groupVersion);
  if (found.length === 0) return undefined;
  const list = found.map(({ plural, singular, namespaced, kind, shortNames }) => ({
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    shortNames: [...shortNames],
  }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: list };
}

function groups(): { readonly name: string; readonly version: string }[] {
  const named = resources.filter(({ group }) => group !== '').map(({ group, version }) => [group, version] as const);
  return [...new Map([...named, [reviewGroup, 'v1'] as const])].map(([name, version]) => ({ name, version }));
}

function groupEntry(name: string, version: string): JsonObject {
  const served = { groupVersion: `${name}/${version}`, version };
  return { name, versions: [served], preferredVersion: served };
}
