import type { JsonObject } from '../../source/json.ts';
import { itemsOf, objectAt, objectsOf, textAt } from '../access.ts';
import type { Path } from '../findings.ts';
import { differs } from '../versions.ts';
import type { ItemContext } from './warn-items.ts';

/** Domain names that never match, or match more than they seem to. */
export function warnDomains(item: JsonObject, path: Path, context: ItemContext): void {
  const names = objectsOf(item, 'toFQDNs');
  for (const [index, name] of names) warnPattern(name, [...path, 'toFQDNs', index], context);
  if (names.length > 0 && !context.hasDnsRule) {
    const message =
      'Cilium learns the addresses of a name only from answers that a DNS rule lets it see, and this policy has none: ' +
      'unless another policy of these pods has one, the name is never learned and nothing is allowed. Add an egress item to the DNS service with `rules: {dns: …}`';
    context.findings.warn('fqdn-without-dns', [...path, 'toFQDNs'], message);
  }
  for (const [index, portRule] of objectsOf(item, 'toPorts')) {
    const rules = objectAt(portRule, 'rules');
    for (const [at, dns] of objectsOf(rules, 'dns'))
      warnPattern(dns, [...path, 'toPorts', index, 'rules', 'dns', at], context);
    warnDnsPort(portRule, [...path, 'toPorts', index], context);
  }
}

function warnPattern(selector: JsonObject, path: Path, { version, findings }: ItemContext): void {
  const pattern = textAt(selector, 'matchPattern');
  const at = [...path, 'matchPattern'];
  if (/^\*+[-a-zA-Z0-9_]/.test(pattern) && pattern.includes('.')) {
    const rest = pattern.replace(/^\*+/, '');
    const message = `\`${pattern}\` also matches look-alikes such as \`not${rest}\`, and no subdomain: write \`*.${rest}\` for subdomains and \`matchName: ${rest}\` for the name itself`;
    findings.warn('look-alike-domain', at, message);
  }
  if (/^\*\*+\./.test(pattern) && !differs('deep-wildcard', version)) {
    findings.warn(
      'one-label-wildcard',
      at,
      `In Cilium ${version} \`**.\` reaches one label only, like \`*.\`: several labels match from 1.19 on`,
    );
  }
}

function warnDnsPort(portRule: JsonObject, path: Path, { findings }: ItemContext): void {
  if (itemsOf(objectAt(portRule, 'rules'), 'dns').length === 0) return;
  for (const [index, port] of objectsOf(portRule, 'ports')) {
    const written = textAt(port, 'port');
    if (/^[0-9]+$/.test(written) && written !== '53') {
      findings.warn(
        'dns-port',
        [...path, 'ports', index, 'port'],
        `DNS rules on port ${written}: the usual port is 53, and answers on others are seen only where a DNS server listens there`,
      );
    }
  }
}
