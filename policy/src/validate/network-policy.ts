import { contains, parseCidr } from '../model/address.ts';
import { isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import { itemsOf, objectAt, objectsOf, textAt } from './access.ts';
import type { Findings, Path } from './findings.ts';
import { cidr as cidrFormat, withoutLeadingZeros } from './formats.ts';
import { checkSelector } from './selectors.ts';

/** The API server's own checks of a NetworkPolicy (kubernetes, pkg/apis/networking/validation). */
export function checkNetworkPolicy(spec: JsonObject, findings: Findings): void {
  const selector = objectAt(spec, 'podSelector');
  if (selector !== undefined) checkSelector(selector, ['spec', 'podSelector'], { by: 'api-server', findings });
  for (const [way, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const [index, rule] of objectsOf(spec, way)) {
      const path = ['spec', way, index];
      for (const [at, port] of objectsOf(rule, 'ports')) checkPort(port, [...path, 'ports', at], findings);
      for (const [at, peer] of objectsOf(rule, peers)) checkPeer(peer, [...path, peers, at], findings);
    }
  }
  checkPolicyTypes(itemsOf(spec, 'policyTypes'), findings);
}

function refuse(findings: Findings, code: string, path: Path, message: string): void {
  findings.refuse('api-server', code, path, message);
}

function checkPort({ port, endPort, protocol }: JsonObject, path: Path, findings: Findings): void {
  if (typeof protocol === 'string' && !['TCP', 'UDP', 'SCTP'].includes(protocol)) {
    const fix = ['TCP', 'UDP', 'SCTP'].includes(protocol.toUpperCase())
      ? ` write ${protocol.toUpperCase()}`
      : ' write TCP, UDP or SCTP';
    refuse(
      findings,
      'not-allowed',
      [...path, 'protocol'],
      `\`${protocol}\` is not a protocol of a NetworkPolicy:${fix}`,
    );
  }
  if (typeof port === 'string') checkPortName(port, [...path, 'port'], findings);
  if (typeof port === 'number' && (port < 1 || port > 65535)) {
    refuse(findings, 'bad-port', [...path, 'port'], `A port lies between 1 and 65535, but this is ${port}`);
  }
  if (typeof endPort === 'number') checkEndPort(port, endPort, [...path, 'endPort'], findings);
}

function checkEndPort(port: JsonValue | undefined, endPort: number, path: Path, findings: Findings): void {
  if (typeof port !== 'number') {
    const reason = typeof port === 'string' ? 'a named port has no range' : 'a range needs its first `port`';
    refuse(findings, 'bad-port-range', path, `\`endPort\` is not allowed here: ${reason}`);
    return;
  }
  if (endPort < port)
    refuse(findings, 'bad-port-range', path, `\`endPort\` ${endPort} lies before \`port\` ${port}: swap them`);
  if (endPort < 1 || endPort > 65535)
    refuse(findings, 'bad-port', path, `A port lies between 1 and 65535, but this is ${endPort}`);
}

function checkPortName(port: string, path: Path, findings: Findings): void {
  const isGood = /^[-a-z0-9]{1,15}$/.test(port) && /[a-z]/.test(port) && !/--|^-|-$/.test(port);
  if (isGood) return;
  const fix = /^[0-9]+$/.test(port) ? `a number must not be quoted: write port: ${port}` : namedPortRule(port);
  refuse(findings, 'bad-port', path, `${JSON.stringify(port)} cannot be the name of a port: ${fix}`);
}

function namedPortRule(port: string): string {
  const range = /^([0-9]+)\s*-\s*([0-9]+)$/.exec(port);
  if (range !== null) return `a range is written port: ${range[1]} and endPort: ${range[2]}`;
  return 'it has up to 15 lower-case letters, digits and single dashes, at least one letter, and neither begins nor ends with a dash';
}

function checkPeer(peer: JsonObject, path: Path, findings: Findings): void {
  const selectors = ['podSelector', 'namespaceSelector'].filter((field) => isObject(peer[field]));
  for (const field of selectors) {
    const selector = objectAt(peer, field);
    if (selector !== undefined) checkSelector(selector, [...path, field], { by: 'api-server', findings });
  }
  const block = objectAt(peer, 'ipBlock');
  if (block !== undefined) checkBlock(block, [...path, 'ipBlock'], findings);
  if (selectors.length === 0 && block === undefined) {
    refuse(
      findings,
      'empty-peer',
      path,
      'This peer says nothing: write `podSelector`, `namespaceSelector` or `ipBlock`, or remove the item',
    );
  } else if (selectors.length > 0 && block !== undefined) {
    refuse(findings, 'mixed-peer', path, '`ipBlock` cannot stand beside a selector: make two items of it');
  }
}

function checkBlock(block: JsonObject, path: Path, findings: Findings): void {
  const written = textAt(block, 'cidr');
  if (written === '') {
    refuse(findings, 'missing-field', path, '`cidr` is missing: `ipBlock` needs it');
    return;
  }
  if (!isCidr(written, [...path, 'cidr'], findings)) return;
  const outer = parseCidr(withoutLeadingZeros(written));
  for (const [index, except] of itemsOf(block, 'except').entries()) {
    if (typeof except !== 'string') continue;
    const at = [...path, 'except', index];
    if (!isCidr(except, at, findings)) continue;
    const inner = parseCidr(withoutLeadingZeros(except));
    if (outer === undefined || inner === undefined) continue;
    if (!contains(outer, inner) || inner.bits <= outer.bits) {
      refuse(
        findings,
        'except-outside',
        at,
        `\`${except}\` must be a real part of \`${written}\` to be excepted from it`,
      );
    }
  }
}

/** Strict since Kubernetes 1.36 (StrictIPCIDRValidation). */
function isCidr(written: string, path: Path, findings: Findings): boolean {
  const block = cidrFormat.test(written) ? parseCidr(withoutLeadingZeros(written)) : undefined;
  if (block === undefined) {
    const fix =
      parseCidr(written) === undefined ? '' : `: write ${written}/${written.includes(':') ? 128 : 32} for one address`;
    refuse(findings, 'bad-cidr', path, `${JSON.stringify(written)} is not ${cidrFormat.says}${fix}`);
    return false;
  }
  const strict = parseCidr(written);
  const address = parseCidr(withoutLeadingZeros(written.slice(0, written.lastIndexOf('/'))));
  if (strict === undefined) {
    refuse(
      findings,
      'bad-cidr',
      path,
      `\`${written}\` has a leading zero, which some programs read as octal: remove it`,
    );
  } else if (block.family === 6 && address !== undefined && address.first >> 32n === 0xffffn) {
    refuse(findings, 'bad-cidr', path, `\`${written}\` is an IPv4 address written as IPv6: write it as IPv4`);
  } else if (address !== undefined && address.first !== block.first) {
    refuse(
      findings,
      'bad-cidr',
      path,
      `\`${written}\` has bits behind its prefix length: write the first address of the block, or /${address.bits} for one address`,
    );
  }
  return true;
}

function checkPolicyTypes(types: readonly JsonValue[], findings: Findings): void {
  if (types.length > 2) {
    refuse(
      findings,
      'bad-policy-type',
      ['spec', 'policyTypes'],
      '`policyTypes` may have two items at most: Ingress and Egress',
    );
    return;
  }
  for (const [index, type] of types.entries()) {
    if (type !== 'Ingress' && type !== 'Egress') {
      refuse(
        findings,
        'bad-policy-type',
        ['spec', 'policyTypes', index],
        `${JSON.stringify(type)} is not a policy type: write Ingress or Egress`,
      );
    }
  }
}
