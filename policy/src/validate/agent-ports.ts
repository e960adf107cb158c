import { icmpTypeOf } from '../lower/icmp.ts';
import type { JsonObject } from '../source/json.ts';
import { isSet, itemsOf, objectAt, objectsOf, textAt } from './access.ts';
import { checkL7 } from './agent-l7.ts';
import type { ItemCheck } from './cilium-agent.ts';
import type { Findings, Path } from './findings.ts';
import { isServiceName } from './formats.ts';
import { readPortNumber } from './port-number.ts';

/** `toPorts` of one item, as Sanitize checks it. */
export function checkPorts(item: JsonObject, path: Path, check: ItemCheck): void {
  for (const [index, portRule] of objectsOf(item, 'toPorts')) {
    const at = [...path, 'toPorts', index];
    checkPortRule(portRule, at, check);
    checkL7(portRule, at, check);
  }
}

const mostPorts = 40;

function checkPortRule(portRule: JsonObject, path: Path, check: ItemCheck): void {
  const count = itemsOf(portRule, 'ports').length;
  if (count > mostPorts) {
    const message = `\`ports\` may have ${mostPorts} items, but this has ${count}: split it over several items of \`toPorts\``;
    check.findings.refuse('cilium', 'too-many', [...path, 'ports'], message);
  }
  const rules = objectAt(portRule, 'rules');
  const hasDns = itemsOf(rules, 'dns').length > 0;
  for (const [index, port] of objectsOf(portRule, 'ports'))
    checkPort(port, [...path, 'ports', index], { hasDns, check });
  const listener = portRule['listener'];
  if (isSet(listener) && check.section === 'ingress') {
    check.findings.refuse(
      'cilium',
      'listener',
      [...path, 'listener'],
      '`listener` is not allowed on ingress: remove it, or use it in an egress rule',
    );
  }
  if (isSet(listener) && (hasDns || itemsOf(rules, 'http').length > 0)) {
    check.findings.refuse(
      'cilium',
      'listener',
      [...path, 'listener'],
      '`listener` cannot stand beside `rules`: the listener decides itself, so remove one of them',
    );
  }
}

/** VRRP, IGMP and the rest carry no ports. */
const portless = ['VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH'];

function checkPort(
  port: JsonObject,
  path: Path,
  { hasDns, check: { findings } }: { hasDns: boolean; check: ItemCheck },
): void {
  const written = textAt(port, 'port');
  const protocol = textAt(port, 'protocol');
  if (written === '') {
    const message = portless.includes(protocol)
      ? `\`port\` must be "0" for ${protocol}: without --enable-extended-ip-protocols (off unless switched on) Cilium wants a port everywhere`
      : '`port` is missing: write a number in quotes or the name of a port; "0" is every port';
    findings.refuse('cilium', 'no-port', path, message);
    return;
  }
  if (isServiceName(written)) return;
  if (written !== '0' && portless.includes(protocol)) {
    findings.refuse('cilium', 'port-without-ports', [...path, 'port'], `${protocol} has no ports: write port: "0"`);
    return;
  }
  const number = readPortNumber(written);
  if (number === undefined) {
    findings.refuse('cilium', 'bad-port', [...path, 'port'], unreadablePort(written));
  } else if (hasDns && typeof port['endPort'] === 'number' && port['endPort'] > number) {
    findings.refuse(
      'cilium',
      'dns-port-range',
      [...path, 'endPort'],
      'DNS rules do not work with a range of ports: write single ports, usually "53"',
    );
  }
}

function unreadablePort(written: string): string {
  const fact = `${JSON.stringify(written)} is neither a port number nor the name of a port`;
  const range = /^\s*([0-9]+)\s*[-:]\s*([0-9]+)\s*$/.exec(written);
  if (range !== null) return `${fact}: a range is written \`port: "${range[1]}"\` with \`endPort: ${range[2]}\``;
  if (written.includes(',')) return `${fact}: write one item of \`ports\` for each port`;
  if (/^[0-9]+$/.test(written)) {
    const isOctal = written.startsWith('0') && written.length > 1;
    return isOctal ? `${fact}: a leading zero makes it octal, so remove it` : `${fact}: ports end at 65535`;
  }
  if (written.length > 15) return `${fact}: a name has up to 15 characters`;
  return `${fact}: write a number from 0 to 65535, or up to 15 letters, digits and single dashes with a letter among them`;
}

/** `icmps` of one item: names are looked up in the table of their family, when the object is decoded. */
export function checkIcmps(item: JsonObject, path: Path, findings: Findings): void {
  for (const [index, icmp] of objectsOf(item, 'icmps')) {
    for (const [at, field] of objectsOf(icmp, 'fields')) {
      const family = textAt(field, 'family') === 'IPv6' ? 'IPv6' : 'IPv4';
      const { type } = field;
      const where = [...path, 'icmps', index, 'fields', at, 'type'];
      if (typeof type === 'string' && icmpTypeOf(family, type) === undefined) {
        const other = family === 'IPv4' ? 'IPv6' : 'IPv4';
        const fix =
          icmpTypeOf(other, type) === undefined
            ? 'write its number'
            : `it is one of ${other}: write \`family: ${other}\``;
        findings.refuse('cilium', 'bad-icmp-type', where, `\`${type}\` is not an ICMP type of ${family}: ${fix}`);
      } else if (typeof type === 'number' && (type > 2 ** 31 - 1 || type < -(2 ** 31))) {
        findings.refuse('cilium', 'bad-icmp-type', where, `${type} is no ICMP type: they end at 255`);
      }
    }
  }
}
