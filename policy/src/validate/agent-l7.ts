import type { JsonObject } from '../source/json.ts';
import { isSet, itemsOf, objectAt, objectsOf, textAt } from './access.ts';
import type { ItemCheck } from './cilium-agent.ts';
import type { Findings, Path } from './findings.ts';
import { expressionFault } from './expressions.ts';
import { isServiceName } from './formats.ts';
import { readPortNumber } from './port-number.ts';

/** The layer 7 rules of one item of `toPorts`, as Sanitize checks them. Empty lists count as none. */
export function checkL7(portRule: JsonObject, path: Path, check: ItemCheck): void {
  const { findings } = check;
  checkServerNames(portRule, path, findings);
  const rules = objectAt(portRule, 'rules');
  const hasDns = itemsOf(rules, 'dns').length > 0;
  const hasHttp = itemsOf(rules, 'http').length > 0;
  if (!hasDns && !hasHttp) return;
  const refuse = (code: string, at: Path, message: string): void => findings.refuse('cilium', code, at, message);
  const at = [...path, 'rules'];
  if (check.section === 'ingress' && check.isHostRule) {
    refuse('l7-on-host', at, 'Layer 7 rules are not possible for traffic to a node: remove `rules`');
  } else if (check.section === 'ingress' && hasDns) {
    refuse(
      'dns-on-ingress',
      [...at, 'dns'],
      'DNS rules are possible on egress only: they watch what a pod asks for, so put them into an egress rule',
    );
  } else if (check.isHostRule && hasHttp) {
    refuse(
      'l7-on-host',
      [...at, 'http'],
      'HTTP rules are not possible for traffic from a node: remove them (DNS rules are possible)',
    );
  }
  checkL7Ports(portRule, path, { hasDns, findings });
  checkExpressions(rules, at, findings);
}

function checkServerNames(portRule: JsonObject, path: Path, findings: Findings): void {
  const rules = objectAt(portRule, 'rules');
  const hasRules = itemsOf(rules, 'http').length + itemsOf(rules, 'dns').length > 0;
  if (itemsOf(portRule, 'serverNames').length > 0 && hasRules && !isSet(portRule['terminatingTLS'])) {
    const message =
      '`serverNames` beside `rules` needs `terminatingTLS`: the proxy cannot read encrypted requests otherwise';
    findings.refuse('cilium', 'server-names', [...path, 'serverNames'], message);
  }
}

function checkL7Ports(
  portRule: JsonObject,
  path: Path,
  { hasDns, findings }: { hasDns: boolean; findings: Findings },
): void {
  const ports = objectsOf(portRule, 'ports');
  const dns = objectAt(portRule, 'rules')?.['dns'];
  if (ports.length === 0 && isSet(dns)) {
    findings.refuse(
      'cilium',
      'dns-without-port',
      [...path, 'rules', 'dns'],
      'DNS rules need a port: write `ports: [{port: "53", protocol: ANY}]` beside them',
    );
  }
  for (const [index, port] of ports) {
    const at = [...path, 'ports', index];
    const protocol = textAt(port, 'protocol') || 'ANY';
    if (!hasDns && protocol !== 'TCP') {
      const found = isSet(port['protocol']) ? `not with ${protocol}` : 'and without `protocol` it is ANY';
      findings.refuse(
        'cilium',
        'l7-needs-tcp',
        [...at, 'protocol'],
        `HTTP rules work with TCP only, ${found}: write \`protocol: TCP\``,
      );
    }
    const written = textAt(port, 'port');
    if (!isServiceName(written) && readPortNumber(written) === 0) {
      findings.refuse(
        'cilium',
        'l7-on-any-port',
        [...at, 'port'],
        'Layer 7 rules need a real port, not 0 (every port): name the port',
      );
    }
  }
}

/** `path` and `method` are RE2 expressions; `host` and `headers` are not looked at. */
function checkExpressions(rules: JsonObject | undefined, path: Path, findings: Findings): void {
  for (const [index, http] of objectsOf(rules, 'http')) {
    for (const field of ['path', 'method']) {
      const fault = expressionFault(textAt(http, field));
      if (fault === undefined) continue;
      const message = `${JSON.stringify(textAt(http, field))} is not a regular expression (${fault}): these are RE2, without look-around and back references`;
      findings.refuse('cilium', 'bad-expression', [...path, 'http', index, field], message);
    }
  }
}
