import { subdomain } from './formats.ts';

/** Why Kubernetes refuses a label key (IsQualifiedName), or undefined. */
export function labelKeyFault(key: string): string | undefined {
  const parts = key.split('/');
  if (parts.length > 2) return 'it may have one `/`, between a domain and a name';
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (prefix === '') return 'a domain must stand before `/`';
  if (prefix !== undefined && (!subdomain.test(prefix) || prefix.length > 253))
    return `the domain before \`/\` consists of ${subdomain.says}`;
  if (name === '') return 'it needs a name';
  if (name.length > 63) return `its name may have 63 characters, but has ${name.length}`;
  if (!/^[-A-Za-z0-9_.]+$/.test(name) || /^[-_.]|[-_.]$/.test(name)) {
    return 'its name consists of letters, digits, `-`, `_` and `.`, and begins and ends with a letter or digit';
  }
  return undefined;
}

/** Why Cilium refuses a key in a selector: a label key, perhaps with one source in front (`k8s:`, `any:`, `reserved:`). */
export function selectorKeyFault(key: string): string | undefined {
  const parts = key.split(':');
  if (parts.length > 2) return 'it may have one `:`, behind the source of the label';
  if (parts.length === 2 && !/^[A-Za-z0-9]+$/.test(parts[0] ?? ''))
    return 'the source before `:` consists of letters and digits';
  const fault = labelKeyFault(parts.at(-1) ?? '');
  if (fault !== undefined && key.startsWith('$'))
    return `${fault}; write \`reserved:${key.slice(1)}\` instead of \`${key}\``;
  return fault;
}
