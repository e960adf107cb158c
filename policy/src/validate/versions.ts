/** The Cilium releases whose refusals are known. */
export type CiliumVersion = (typeof ciliumVersions)[number];

export const ciliumVersions = ['1.18', '1.19', '1.20', '1.21'] as const;

export const defaultCiliumVersion: CiliumVersion = '1.20';

export interface VersionDifference {
  /** The first release that has it, or the last one. */
  readonly since?: CiliumVersion;
  readonly until?: CiliumVersion;
  readonly what: string;
  readonly source: string;
}

/** What the releases do differently, each with the place it is read from (paths in github.com/cilium/cilium). */
export const versionDifferences = {
  'cluster-mesh-entity': {
    since: '1.20',
    what: 'the schema admits the entity `cluster-mesh`',
    source: 'v1.20.2 pkg/k8s/apis/cilium.io/client/crds/v2/ciliumnetworkpolicies.yaml, toEntities enum',
  },
  'except-length': {
    since: '1.20',
    what: 'an `except` wider than its `cidr` is refused; before, only its address was compared',
    source: 'pkg/policy/api/rule_validation.go CIDRRule.sanitize; issue 44614',
  },
  'spec-or-specs': {
    since: '1.20',
    what: 'the API server refuses an object without `spec` and `specs`; before, only the agent did',
    source: 'ciliumnetworkpolicies.yaml x-kubernetes-validations; before pkg/k8s/apis/cilium.io/v2/cnp_types.go Parse',
  },
  'other-l7': {
    until: '1.19',
    what: 'rules of Kafka and of other parsers (`kafka`, `l7proto`, `l7`) exist',
    source: 'Documentation/operations/upgrade.rst, 1.20 upgrade notes',
  },
  'ip-protocols': {
    since: '1.20',
    what: 'the protocols GRE, IPIP, IPV6, ESP and AH exist',
    source: 'pkg/policy/api/l4.go L4Proto; 1.20 release notes',
  },
  requires: {
    until: '1.18',
    what: '`fromRequires` and `toRequires` hold selectors (deprecated); later they must be empty',
    source: 'Documentation/operations/upgrade.rst, 1.19 upgrade notes; pkg/policy/api/ingress.go',
  },
  'managed-prefix-list': {
    since: '1.21',
    what: '`aws.managedPrefixList` exists in `toGroups` and `fromGroups`',
    source: 'main, pkg/policy/api/groups.go AWSGroup',
  },
  'deep-wildcard': {
    since: '1.19',
    what: 'a pattern that begins with `**.` matches names several labels deep; before, one label',
    source: 'pkg/fqdn/matchpattern/matchpattern.go subdomainWildcardSpecifierPrefix; 1.19 upgrade notes',
  },
} as const satisfies Record<string, VersionDifference>;

/** Whether a release behaves as a row of `versionDifferences` says. */
export function differs(name: keyof typeof versionDifferences, version: CiliumVersion): boolean {
  const row: VersionDifference = versionDifferences[name];
  const at = ciliumVersions.indexOf(version);
  const isOldEnough = row.since === undefined || at >= ciliumVersions.indexOf(row.since);
  const isNewEnough = row.until === undefined || at <= ciliumVersions.indexOf(row.until);
  return isOldEnough && isNewEnough;
}
