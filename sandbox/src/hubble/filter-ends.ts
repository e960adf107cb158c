import { contains, parseAddress, parseCidr } from '@bartizan/policy';
import type { End } from '../traffic/ends.ts';

/** An address, or a block that contains it. */
export function matchesAddress(block: string, address: string): boolean {
  if (!block.includes('/')) return block === address;
  const outer = parseCidr(block);
  const inner = parseCidr(`${address}/${parseAddress(address) && address.includes(':') ? 128 : 32}`);
  return outer !== undefined && inner !== undefined && contains(outer, inner);
}

/** `namespace/prefix`, `namespace/`, `/prefix`, or a prefix in the namespace `default`. */
export function matchesPod(name: string, end: End): boolean {
  if (end.kind !== 'pod') return false;
  const [first = '', second] = name.split('/');
  const [namespace, prefix] = second === undefined ? ['default', first] : [first, second];
  return (namespace === '' || namespace === end.namespace) && end.pod.startsWith(prefix);
}

/** `key=value`, `key!=value`, `key in (a, b)`, `key`: joined by commas, with or without the label's source. */
export function matchesLabels(selector: string, labels: readonly string[]): boolean {
  return selector
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '')
    .every((term) => matchesTerm(term, labels));
}

function matchesTerm(term: string, labels: readonly string[]): boolean {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term);
  if (set) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim());
    return values.includes(valueOf(set[1] ?? '', labels) ?? '\0') === (set[2] === 'in');
  }
  const equal = /^([^!=]+)(==|=|!=)(.*)$/.exec(term);
  if (equal) return (valueOf(equal[1] ?? '', labels) === equal[3]) === (equal[2] !== '!=');
  return term.startsWith('!') ? valueOf(term.slice(1), labels) === undefined : valueOf(term, labels) !== undefined;
}

function valueOf(key: string, labels: readonly string[]): string | undefined {
  for (const label of labels) {
    const [name = '', ...value] = label.split('=');
    if (name === key || name.slice(name.indexOf(':') + 1) === key) return value.join('=');
  }
  return undefined;
}
