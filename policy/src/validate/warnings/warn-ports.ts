import type { JsonObject } from '../../source/json.ts';
import { isSet, itemsOf, objectAt, objectsOf, textAt } from '../access.ts';
import { expressionFault } from '../expressions.ts';
import type { Findings, Path } from '../findings.ts';
import { isServiceName } from '../formats.ts';
import { readPortNumber } from '../port-number.ts';
import type { ItemContext } from './warn-items.ts';

/** Ports, ICMP types and layer 7 rules that do less or more than they say. */
export function warnPorts(item: JsonObject, path: Path, context: ItemContext): void {
  const { findings } = context;
  for (const [index, portRule] of objectsOf(item, 'toPorts')) {
    const at = [...path, 'toPorts', index];
    if (itemsOf(portRule, 'ports').length === 0) {
      findings.warn(
        'no-ports',
        at,
        'This item of `toPorts` names no port and matches nothing: add `ports`, or remove `toPorts` for every port',
      );
    }
    for (const [place, port] of objectsOf(portRule, 'ports')) warnPort(port, [...at, 'ports', place], findings);
    warnL7(portRule, at, context);
  }
  for (const [index, icmp] of objectsOf(item, 'icmps')) warnIcmp(icmp, [...path, 'icmps', index], findings);
  if (
    isSet(item['authentication']) &&
    textAt(objectAt(item, 'authentication'), 'mode') === 'required' &&
    context.version >= '1.20'
  ) {
    findings.warn(
      'mutual-authentication',
      [...path, 'authentication'],
      'Mutual authentication is deprecated since Cilium 1.20, and where it is not switched on (--mesh-auth-enabled) Cilium marks the policy as not valid',
    );
  }
}

function warnPort(port: JsonObject, path: Path, findings: Findings): void {
  const written = textAt(port, 'port');
  const endPort = port['endPort'];
  const number = isServiceName(written) ? undefined : readPortNumber(written);
  if (number !== undefined && String(number) !== written && written !== '') {
    findings.warn(
      'odd-port',
      [...path, 'port'],
      `Cilium reads "${written}" as ${number} (a leading zero means octal): write "${number}"`,
    );
  }
  if (typeof endPort !== 'number') return;
  const at = [...path, 'endPort'];
  if (number === undefined)
    findings.warn(
      'needless-end-port',
      at,
      '`endPort` beside the name of a port is ignored or misleading: name the range in numbers',
    );
  else if (number === 0)
    findings.warn(
      'every-port',
      at,
      'A range that begins at port 0 is every port for Cilium: begin it at 1 or write the ports meant',
    );
  else if (endPort < number)
    findings.warn(
      'needless-end-port',
      at,
      `\`endPort\` ${endPort} lies before \`port\` ${number} and is ignored: only port ${number} counts`,
    );
}

function warnIcmp(icmp: JsonObject, path: Path, findings: Findings): void {
  const fields = objectsOf(icmp, 'fields');
  if (fields.length === 0)
    findings.warn('no-ports', path, 'This item of `icmps` names no type and matches nothing: add `fields`');
  for (const [index, { type }] of fields) {
    const at = [...path, 'fields', index, 'type'];
    if (type === 0 || type === '0' || type === 'EchoReply') {
      findings.warn(
        'every-icmp-type',
        at,
        'Cilium takes ICMP type 0 for every type of its family: replies pass anyway, so leave it out',
      );
    } else if (typeof type === 'number' && (type < 0 || type > 255)) {
      findings.warn('no-such-icmp-type', at, `ICMP types lie between 0 and 255: ${type} matches nothing`);
    }
  }
}

function warnL7(portRule: JsonObject, path: Path, { isClusterwide, findings }: ItemContext): void {
  const rules = objectAt(portRule, 'rules');
  for (const kind of ['http', 'dns']) {
    if (rules !== undefined && isSet(rules[kind]) && itemsOf(rules, kind).length === 0) {
      findings.warn(
        'empty-l7',
        [...path, 'rules', kind],
        `\`${kind}: []\` restricts nothing: everything on these ports is allowed. Write the rules or remove the field`,
      );
    }
  }
  for (const [index, http] of objectsOf(rules, 'http')) {
    const host = textAt(http, 'host');
    if (host !== '' && expressionFault(host) !== undefined) {
      findings.warn(
        'bad-expression',
        [...path, 'rules', 'http', index, 'host'],
        `${JSON.stringify(host)} is not a regular expression: Cilium does not look, but its proxy refuses it`,
      );
    }
  }
  const envoy = objectAt(objectAt(portRule, 'listener'), 'envoyConfig');
  const kind = envoy === undefined ? '' : textAt(envoy, 'kind') || 'CiliumEnvoyConfig';
  if (isClusterwide && kind === 'CiliumEnvoyConfig') {
    findings.warn(
      'listener-kind',
      [...path, 'listener', 'envoyConfig'],
      'A clusterwide policy cannot use the listener of a CiliumEnvoyConfig, which fails when it is applied to a pod: use a CiliumClusterwideEnvoyConfig',
    );
  }
}
