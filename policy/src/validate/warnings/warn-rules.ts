import { isArray, isObject } from '../../source/json.ts';
import type { JsonObject } from '../../source/json.ts';
import { itemsOf, objectAt, objectsOf, textAt } from '../access.ts';
import type { Findings, Path } from '../findings.ts';
import { hasDnsRule } from '../learns-names.ts';
import { rulesOf } from '../rules-of.ts';
import type { CiliumVersion } from '../versions.ts';
import { warnItem } from './warn-items.ts';
import { warnSelector } from './warn-selectors.ts';

export interface WarningContext {
  readonly version: CiliumVersion;
  readonly isClusterwide: boolean;
  readonly namespace: string;
  readonly findings: Findings;
  /** Some rule of the object lets the DNS proxy learn names. */
  readonly hasDnsRule: boolean;
}

export type Section = 'ingress' | 'ingressDeny' | 'egress' | 'egressDeny';

/** What Cilium accepts in a policy although it is useless or does what few expect. `written` still has its nulls. */
export function warnCiliumPolicy(
  stored: JsonObject,
  written: JsonObject,
  base: Omit<WarningContext, 'hasDnsRule'>,
): void {
  const rules = rulesOf(stored);
  const context = { ...base, hasDnsRule: rules.some(([, rule]) => hasDnsRule(rule)) };
  if (rules.length === 0)
    base.findings.warn('no-rules', ['specs'], '`specs: []` holds no rule: the policy is accepted and does nothing');
  if (base.isClusterwide && textAt(objectAt(written, 'metadata'), 'namespace') !== '') {
    const message =
      'A CiliumClusterwideNetworkPolicy has no namespace: the API server drops it, and the policy is for the whole cluster';
    base.findings.warn('needless-namespace', ['metadata', 'namespace'], message);
  }
  for (const [path, rule] of rules) warnRule(rule, writtenRule(written, path), path, context);
}

function writtenRule(written: JsonObject, path: Path): JsonObject | undefined {
  const [field, index] = path;
  if (field === 'spec') return objectAt(written, 'spec');
  const list = written['specs'];
  const item = isArray(list) && typeof index === 'number' ? list[index] : undefined;
  return isObject(item) ? item : undefined;
}

const directions = [
  { way: 'ingress', allow: 'ingress', deny: 'ingressDeny', words: 'inbound' },
  { way: 'egress', allow: 'egress', deny: 'egressDeny', words: 'outbound' },
] as const;

function warnRule(rule: JsonObject, written: JsonObject | undefined, path: Path, context: WarningContext): void {
  warnSubject(rule, path, context);
  for (const direction of directions) warnDirection(rule, path, direction, context.findings);
  for (const section of ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const) {
    const items = objectsOf(rule, section);
    const raw = new Map(objectsOf(written, section));
    for (const [index, item] of items) {
      const at = [...path, section, index];
      const isAlone = items.length === 1;
      warnItem(item, raw.get(index) ?? item, at, {
        ...context,
        section,
        isAlone,
        isDenyMeant: isDenyMeant(rule, section),
      });
    }
  }
}

function isDenyMeant(rule: JsonObject, section: Section): boolean {
  const way = section.startsWith('ingress') ? 'ingress' : 'egress';
  return objectAt(rule, 'enableDefaultDeny')?.[way] === true;
}

function warnDirection(rule: JsonObject, path: Path, direction: (typeof directions)[number], findings: Findings): void {
  const { way, allow, deny, words } = direction;
  const chosen = objectAt(rule, 'enableDefaultDeny')?.[way];
  const allows = itemsOf(rule, allow).length;
  const denies = itemsOf(rule, deny).length;
  if (denies > 0 && allows === 0 && chosen === undefined) {
    const message =
      `\`${deny}\` alone also switches on default deny: everything else ${words === 'inbound' ? 'incoming' : 'outgoing'} is denied too. ` +
      `Write \`enableDefaultDeny: {${way}: false}\` if only these items should be denied`;
    findings.warn('deny-only', [...path, deny], message);
  }
  if (chosen === true && allows + denies === 0) {
    const message = `\`enableDefaultDeny.${way}: true\` does nothing without an item in \`${allow}\`: write \`${allow}: [{}]\` to deny all ${words} traffic`;
    findings.warn('default-deny-without-rules', [...path, 'enableDefaultDeny', way], message);
  }
}

const namespaceKeys = [
  'io.kubernetes.pod.namespace',
  'k8s:io.kubernetes.pod.namespace',
  'any:io.kubernetes.pod.namespace',
];

function warnSubject(rule: JsonObject, path: Path, { isClusterwide, namespace, findings }: WarningContext): void {
  const selector = objectAt(rule, 'endpointSelector');
  const nodes = objectAt(rule, 'nodeSelector');
  if (nodes !== undefined) {
    warnSelector(nodes, [...path, 'nodeSelector'], findings);
    findings.warn(
      'host-firewall',
      [...path, 'nodeSelector'],
      'A rule for nodes takes effect only where Cilium runs with hostFirewall.enabled',
    );
  }
  if (selector === undefined) return;
  warnSelector(selector, [...path, 'endpointSelector'], findings);
  const labels = objectAt(selector, 'matchLabels') ?? {};
  if (isClusterwide && Object.keys(labels).length === 0 && itemsOf(selector, 'matchExpressions').length === 0) {
    const message =
      'An empty selector in a clusterwide policy selects every endpoint of every namespace, kube-system and health checks included';
    findings.warn('selects-everything', [...path, 'endpointSelector'], message);
  }
  const foreign = namespaceKeys.find(
    (key) => typeof labels[key] === 'string' && labels[key] !== (namespace || 'default'),
  );
  if (!isClusterwide && foreign !== undefined) {
    const message = `A CiliumNetworkPolicy selects pods of its own namespace only (${namespace || 'default'}): this label is ${foreign.startsWith('k8s:') ? 'overwritten' : 'never matched'}`;
    findings.warn('foreign-namespace', [...path, 'endpointSelector', 'matchLabels', foreign], message);
  }
}
