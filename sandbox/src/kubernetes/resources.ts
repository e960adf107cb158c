export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly custom: boolean;
}

type Row = readonly [
  plural: string,
  singular: string,
  kind: string,
  shortNames: readonly string[],
  namespaced: boolean,
];

export const resources: readonly Resource[] = [
  ...group('', 'v1', [
    ['namespaces', 'namespace', 'Namespace', ['ns'], false],
    ['nodes', 'node', 'Node', ['no'], false],
    ['pods', 'pod', 'Pod', ['po'], true],
    ['services', 'service', 'Service', ['svc'], true],
    ['events', 'event', 'Event', ['ev'], true],
  ]),
  ...group('apps', 'v1', [['deployments', 'deployment', 'Deployment', ['deploy'], true]]),
  ...group('networking.k8s.io', 'v1', [['networkpolicies', 'networkpolicy', 'NetworkPolicy', ['netpol'], true]]),
  ...group('cilium.io', 'v2', [
    ['ciliumnetworkpolicies', 'ciliumnetworkpolicy', 'CiliumNetworkPolicy', ['cnp', 'ciliumnp'], true],
    [
      'ciliumclusterwidenetworkpolicies',
      'ciliumclusterwidenetworkpolicy',
      'CiliumClusterwideNetworkPolicy',
      ['ccnp'],
      false,
    ],
    ['ciliumcidrgroups', 'ciliumcidrgroup', 'CiliumCIDRGroup', ['ccg'], false],
  ]),
];

export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** The name an error message uses: `pods`, `networkpolicies.networking.k8s.io`. */
export function qualifiedName(resource: Resource): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

export function findResource(group: string, version: string, plural: string): Resource | undefined {
  return resources.find((one) => one.group === group && one.version === version && one.plural === plural);
}

export function resourceOfKind(kind: string): Resource | undefined {
  return resources.find((one) => one.kind === kind);
}

function group(name: string, version: string, rows: readonly Row[]): Resource[] {
  return rows.map(([plural, singular, kind, shortNames, namespaced]) => ({
    group: name,
    version,
    plural,
    singular,
    kind,
    shortNames,
    namespaced,
    custom: name === 'cilium.io',
  }));
}
