import type { JsonObject } from '../source/json.ts';
import { isArray } from '../source/json.ts';
import { checkPeers } from './agent-peers.ts';
import { checkIcmps, checkPorts } from './agent-ports.ts';
import { isSet, itemsOf, objectAt, objectsOf, textAt } from './access.ts';
import type { Findings, Path } from './findings.ts';
import { rulesOf } from './rules-of.ts';
import { checkSelector } from './selectors.ts';
import { differs } from './versions.ts';
import type { CiliumVersion } from './versions.ts';

export interface AgentCheck {
  readonly isClusterwide: boolean;
  readonly version: CiliumVersion;
  readonly findings: Findings;
}

/** What Cilium's agent refuses of what the API server stores (Parse and Sanitize), with the agent's default options. */
export function checkAsAgent(object: JsonObject, check: AgentCheck): void {
  if (!isSet(object['spec']) && !isArray(object['specs']) && !differs('spec-or-specs', check.version)) {
    check.findings.refuse('cilium', 'no-rules', [], 'Neither `spec` nor `specs` is there: the policy has no rule');
  }
  for (const [path, rule] of rulesOf(object)) checkRule(rule, path, check);
}

const sections = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const;

function checkRule(rule: JsonObject, path: Path, check: AgentCheck): void {
  const { findings } = check;
  if (sections.every((section) => itemsOf(rule, section).length === 0)) refuseWithoutItems(rule, path, findings);
  const isHostRule = isSet(rule['nodeSelector']);
  if (isHostRule && !check.isClusterwide) {
    const message =
      '`nodeSelector` is for CiliumClusterwideNetworkPolicy only: change the kind, or select pods by `endpointSelector`';
    findings.refuse('cilium', 'node-selector', [...path, 'nodeSelector'], message);
  }
  for (const [index, label] of objectsOf(rule, 'labels')) {
    if (textAt(label, 'key') !== '') continue;
    findings.refuse(
      'cilium',
      'no-label-key',
      [...path, 'labels', index],
      'A label of a rule needs a `key` that is not empty: name it or remove it',
    );
  }
  for (const field of ['endpointSelector', 'nodeSelector']) {
    const selector = objectAt(rule, field);
    if (selector !== undefined) checkSelector(selector, [...path, field], { by: 'cilium', findings });
  }
  for (const section of sections) {
    for (const [index, item] of objectsOf(rule, section))
      checkItem(item, [...path, section, index], { ...check, section, isHostRule });
  }
}

/** Sanitize: "rule must have at least one of Ingress, IngressDeny, Egress, EgressDeny". */
function refuseWithoutItems(rule: JsonObject, path: Path, findings: Findings): void {
  const written = sections.find((section) => isArray(rule[section]));
  const where = written === undefined ? path : [...path, written];
  const isInbound = written === undefined || written.startsWith('ingress');
  const name = written ?? 'ingress';
  const fix = `write \`${isInbound ? 'ingress' : 'egress'}: [{}]\` to deny all ${isInbound ? 'inbound' : 'outbound'} traffic`;
  findings.refuse(
    'cilium',
    'no-rules',
    where,
    `\`${name}: []\` alone has no item, and Cilium refuses the whole policy, which then denies nothing: ${fix}`,
  );
}

export interface ItemCheck extends AgentCheck {
  readonly section: (typeof sections)[number];
  readonly isHostRule: boolean;
}

function checkItem(item: JsonObject, path: Path, check: ItemCheck): void {
  checkPeers(item, path, check);
  if (itemsOf(item, 'icmps').length > 0 && itemsOf(item, 'toPorts').length > 0) {
    const message = '`icmps` and `toPorts` cannot stand in one item: make two items of it, with the same peers';
    check.findings.refuse('cilium', 'icmps-with-ports', [...path, 'icmps'], message);
  }
  checkPorts(item, path, check);
  checkIcmps(item, path, check.findings);
}
