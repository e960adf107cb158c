export type { Problem, Result } from './model/problem.ts';
export { isArray, isObject } from './source/json.ts';
export type { JsonArray, JsonObject, JsonValue } from './source/json.ts';
export type { Place } from './source/lines.ts';
export type { Manifest, ManifestSet } from './source/manifest.ts';
export type { AliasNode, ListItem, ListNode, MapEntry, MapNode, ScalarNode, SourceNode } from './source/nodes.ts';
export { joinPath, splitPath } from './source/path.ts';
export type { PathPart } from './source/path.ts';
export { readManifests } from './source/read-manifests.ts';
export type { ReadOptions } from './source/read-manifests.ts';
export { hasBit, membersOf } from './evaluate/bitset.ts';
export type { Bitset } from './evaluate/bitset.ts';
export type { AddressRange, Compiled, CompiledRow, CompiledSide } from './evaluate/compiled.ts';
export { compile } from './evaluate/engine.ts';
export type { Engine } from './evaluate/engine.ts';
export type { EngineChanges } from './evaluate/engine-state.ts';
export type { Identity } from './evaluate/labels.ts';
export { lowerPolicy, policyKindOf, policyRef } from './lower/lower-policy.ts';
export type { LowerOptions } from './lower/lower-policy.ts';
export { contains, formatAddress, formatCidr, parseAddress, parseCidr } from './model/address.ts';
export type { Cidr } from './model/address.ts';
export type {
  Difference,
  Explanation,
  L7Explanation,
  L7RuleExplanation,
  NearMiss,
  SideExplanation,
  SideReason,
  WalkedRule,
} from './model/explanation.ts';
export type * from './model/policy.ts';
export { keyCount, keysOf, keysPerProtocol, parseProtocol, protocolAt, protocols } from './model/protocol.ts';
export type { KeyInterval, Protocol } from './model/protocol.ts';
export type { LabelOperator, Requirement, Selector } from './model/selector.ts';
export type { DecidedVerdict, Decider, SideVerdict, Verdict } from './model/verdict.ts';
export type {
  CidrGroup,
  ContainerPort,
  DnsQuery,
  Endpoint,
  EndpointDescription,
  EngineOptions,
  Flow,
  HttpRequest,
  Service,
  World,
} from './model/world.ts';
export { selectedEndpoints } from './evaluate/selected-endpoints.ts';
export { printManifest } from './print/print-manifest.ts';
export { disabledLabel, isDisabledSelector, isEnabled, withoutDisabledLabel } from './edit/disabled-label.ts';
export { editPolicy } from './edit/edit-policy.ts';
export type { PolicyEdit } from './edit/edit-policy.ts';
export { setEnforcement } from './edit/enforcement.ts';
export type { EnforcementChange } from './edit/enforcement.ts';
export { describePolicy } from './humanize/describe.ts';
export type { DescribeOptions } from './humanize/describe.ts';
export { phraseText, toText } from './humanize/words.ts';
export type { Part, PartKind, Phrase, PolicyWords, Sentence, SentenceRole, SpecWords } from './humanize/words.ts';
export { readInventory } from './connectivity/workloads.ts';
export type { Inventory, Workload } from './connectivity/workloads.ts';
export { connectivity } from './connectivity/connectivity.ts';
export type { Connectivity, ConnectivityInput, ConnectivityItem } from './connectivity/connectivity.ts';
export type { Connection } from './connectivity/outcome-table.ts';
export { changeKinds, diff } from './connectivity/diff.ts';
export type { ChangedPair, ChangeKind, PolicyDiff, Responsible } from './connectivity/diff.ts';
export { isPolicy } from './validate/kinds.ts';
export { learnsNames } from './validate/learns-names.ts';
export { validate } from './validate/validate.ts';
export type { ValidateOptions } from './validate/validate.ts';
export { ciliumVersions, defaultCiliumVersion, versionDifferences } from './validate/versions.ts';
export type { CiliumVersion } from './validate/versions.ts';
export { categories } from './simulate/classify.ts';
export type { Category } from './simulate/classify.ts';
export type { SimulatedItem } from './simulate/items.ts';
export type {
  ConnectionColumns,
  Observed,
  ObservedConnection,
  ObservedEnd,
  Outcome,
  Tally,
} from './simulate/observed.ts';
export { simulate } from './simulate/simulate.ts';
export type { Simulation, SimulationInput } from './simulate/simulate.ts';
export { applyRules, changeRules, readRules } from './rules/apply-rules.ts';
export type { PolicyChoice } from './rules/choose-policy.ts';
export type {
  DnsName,
  HttpRequestRule,
  IcmpType,
  LabelExpression,
  LabelSelector,
  Peer as RulePeer,
  PolicyRules,
  PolicyType,
  Port as RulePort,
  Reason,
  Rule as PolicyRule,
  RulesResult,
} from './rules/model.ts';
export { parseRules } from './rules/parse-rules.ts';
export { printRules } from './rules/print-rules.ts';
export { toRules } from './rules/to-rules.ts';
export { standIns } from './connectivity/stand-ins.ts';
export { clusterOf, clusterOfEnds, observedColumns, observedOf } from './simulate/recorded.ts';
export type { Knowledge, RecordedEdge, RecordedEnd } from './simulate/recorded.ts';
export { smallestFix } from './fix/smallest-fix.ts';
export type { FixInput } from './fix/smallest-fix.ts';
export type { Fix, FixResult } from './model/fix.ts';
