import { contains, parseCidr } from '../model/address.ts';
import type { Cidr } from '../model/address.ts';
import type { JsonObject } from '../source/json.ts';
import { itemsOf, objectAt, objectsOf, textAt } from './access.ts';
import type { ItemCheck } from './cilium-agent.ts';
import type { Findings, Path } from './findings.ts';
import { selectorKeyFault } from './label-keys.ts';
import { checkSelector } from './selectors.ts';
import { differs } from './versions.ts';

const ingressPeers = ['fromEndpoints', 'fromCIDR', 'fromCIDRSet', 'fromEntities', 'fromNodes', 'fromGroups'];
const egressPeers = [
  'toEndpoints',
  'toCIDR',
  'toCIDRSet',
  'toEntities',
  'toNodes',
  'toGroups',
  'toServices',
  'toFQDNs',
];

/** The peers of one item, as Sanitize checks them. */
export function checkPeers(item: JsonObject, path: Path, check: ItemCheck): void {
  const kinds = check.section.startsWith('ingress') ? ingressPeers : egressPeers;
  checkCombination(item, kinds, path, check.findings);
  for (const kind of kinds) {
    const at = [...path, kind];
    if (kind.endsWith('Endpoints') || kind.endsWith('Nodes')) checkSelectors(item, kind, path, check.findings);
    else if (kind.endsWith('CIDR')) checkCidrs(item, kind, path, check.findings);
    else if (kind.endsWith('CIDRSet')) {
      for (const [index, block] of objectsOf(item, kind)) checkBlock(block, [...at, index], check);
    }
  }
}

function checkCombination(item: JsonObject, kinds: readonly string[], path: Path, findings: Findings): void {
  const used = kinds.filter((kind) => itemsOf(item, kind).length > 0);
  const [first, ...others] = Object.keys(item).filter((key) => used.includes(key));
  if (first === undefined || others.length === 0) return;
  const message = `\`${first}\` and ${others.map((kind) => `\`${kind}\``).join(', ')} cannot stand in one item: make an item of each, with the same ports`;
  findings.refuse('cilium', 'mixed-peers', [...path, others[0] ?? first], message);
}

function checkSelectors(item: JsonObject, kind: string, path: Path, findings: Findings): void {
  const selectors = objectsOf(item, kind);
  if (kind.endsWith('Nodes') && selectors.length > 0) {
    const message = `\`${kind}\` works only where the agent runs with --enable-node-selector-labels, which is off unless switched on: use \`remote-node\` or \`host\` as entities, or a CIDR`;
    findings.refuse('cilium', 'nodes-need-option', [...path, kind], message);
  }
  for (const [index, selector] of selectors)
    checkSelector(selector, [...path, kind, index], { by: 'cilium', findings });
}

function checkCidrs(item: JsonObject, kind: string, path: Path, findings: Findings): void {
  for (const [index, written] of itemsOf(item, kind).entries()) {
    if (typeof written === 'string') readCidr(written, [...path, kind, index], findings);
  }
}

function readCidr(written: string, path: Path, findings: Findings): Cidr | undefined {
  const block = parseCidr(written);
  if (block === undefined || !written.includes('/')) {
    findings.refuse(
      'cilium',
      'bad-cidr',
      path,
      `\`${written}\` is not an address block for Cilium: write no leading zeros, as in 10.0.0.0/8`,
    );
    return undefined;
  }
  return block;
}

function checkBlock(block: JsonObject, path: Path, check: ItemCheck): void {
  const { findings } = check;
  const selector = objectAt(block, 'cidrGroupSelector');
  if (selector !== undefined) checkGroupSelector(selector, [...path, 'cidrGroupSelector'], findings);
  if (typeof block['cidr'] !== 'string') {
    refuseUnusableExcepts(block, path, findings);
    return;
  }
  const written = textAt(block, 'cidr');
  const outer = readCidr(written, [...path, 'cidr'], findings);
  for (const [index, except] of itemsOf(block, 'except').entries()) {
    if (typeof except !== 'string') continue;
    const at = [...path, 'except', index];
    const inner = readCidr(except, at, findings);
    if (outer === undefined || inner === undefined) continue;
    const isWider = inner.bits < outer.bits && contains(inner, outer);
    if (isWider && !differs('except-length', check.version)) warnOfWider(except, written, at, findings);
    else if (isWider || !isInside(inner, except, outer)) refuseExcept(except, written, at, findings);
  }
}

function refuseExcept(except: string, written: string, path: Path, findings: Findings): void {
  const message = `\`${except}\` is no part of \`${written}\` and cannot be excepted from it: an exception lies inside its block`;
  findings.refuse('cilium', 'except-outside', path, message);
}

function warnOfWider(except: string, written: string, path: Path, findings: Findings): void {
  const message = `\`${except}\` is wider than \`${written}\`: nothing is left of the block, and from 1.20 on Cilium refuses it always, before only where its first address lies outside`;
  findings.warn('except-wider', path, message);
}

/** Whether the address that is written (not the block's first) lies in the outer block. */
function isInside(inner: Cidr, written: string, outer: Cidr): boolean {
  const address = parseCidr(written.slice(0, written.lastIndexOf('/'))) ?? inner;
  return contains(outer, address);
}

/** Sanitize does not look at them, and the agent panics later: counted as refused. */
function refuseUnusableExcepts(block: JsonObject, path: Path, findings: Findings): void {
  for (const [index, except] of itemsOf(block, 'except').entries()) {
    if (typeof except === 'string') readCidr(except, [...path, 'except', index], findings);
  }
}

/** Its keys get the source `cidrgroup` before they are checked. */
function checkGroupSelector(selector: JsonObject, path: Path, findings: Findings): void {
  checkSelector(selector, path, { by: 'cilium', findings });
  for (const key of Object.keys(objectAt(selector, 'matchLabels') ?? {})) {
    if (selectorKeyFault(key) === undefined && key.startsWith(':'))
      findings.refuse('cilium', 'bad-label-key', [...path, 'matchLabels', key], 'The source before `:` is missing');
  }
}
