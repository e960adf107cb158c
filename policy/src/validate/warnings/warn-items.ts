import { isArray } from '../../source/json.ts';
import type { JsonObject } from '../../source/json.ts';
import { itemsOf, objectsOf } from '../access.ts';
import type { Path } from '../findings.ts';
import { warnCidrs } from './warn-cidrs.ts';
import { warnDomains } from './warn-domains.ts';
import { warnPorts } from './warn-ports.ts';
import type { Section, WarningContext } from './warn-rules.ts';
import { warnSelector } from './warn-selectors.ts';
import { warnServices } from './warn-services.ts';

export interface ItemContext extends WarningContext {
  readonly section: Section;
  /** The only item of its section: then it also stands for "deny everything". */
  readonly isAlone: boolean;
  /** The rule says itself that it switches on default deny. */
  readonly isDenyMeant: boolean;
}

/** One item of ingress, egress or their deny twins. `written` still has its nulls. */
export function warnItem(item: JsonObject, written: JsonObject, path: Path, context: ItemContext): void {
  warnEmpty(item, written, path, context);
  warnNulls(item, written, path, context);
  warnOpenPeers(item, path, context);
  for (const kind of Object.keys(item).filter((key) => /^(from|to)(Endpoints|Nodes)$/.test(key))) {
    for (const [index, selector] of objectsOf(item, kind))
      warnSelector(selector, [...path, kind, index], context.findings);
  }
  warnCidrs(item, path, context);
  warnDomains(item, path, context);
  warnServices(item, path, context);
  warnPorts(item, path, context);
}

const isInbound = (section: Section): boolean => section.startsWith('ingress');

function isPeerList(key: string): boolean {
  return /^(from|to)[A-Z]/.test(key) && key !== 'toPorts' && !key.endsWith('Requires');
}

function warnEmpty(
  item: JsonObject,
  written: JsonObject,
  path: Path,
  { section, isAlone, isDenyMeant, findings }: ItemContext,
): void {
  const isDeny = section.endsWith('Deny');
  if (Object.keys(written).length === 0) {
    if (isAlone && isDenyMeant && !isDeny) return;
    const all = isInbound(section) ? 'inbound' : 'outbound';
    const rest = isAlone && !isDeny ? `: with nothing beside it, all ${all} traffic is denied` : '';
    const twin = isDeny ? '' : ' (in a NetworkPolicy the same text allows everything)';
    findings.warn('empty-rule', path, `An empty item matches nothing and still switches on default deny${rest}${twin}`);
    return;
  }
  const empty = Object.keys(item).find((key) => isPeerList(key) && isArray(item[key]) && item[key].length === 0);
  if (empty === undefined || isAlone || selectsAnyWhenEmpty(empty)) return;
  findings.warn(
    'empty-peers',
    [...path, empty],
    `\`${empty}: []\` selects nobody, so this item does nothing: add a peer, or remove the item`,
  );
}

/** Where Cilium takes an empty list for no restriction, as long as there are ports. */
function selectsAnyWhenEmpty(kind: string): boolean {
  return kind === 'toFQDNs' || kind === 'toServices' || kind.endsWith('Groups');
}

function hasPorts(item: JsonObject): boolean {
  return itemsOf(item, 'toPorts').length > 0 || itemsOf(item, 'icmps').length > 0;
}

/** A key with nothing behind it is null, and the API server drops it: what is left means something else. */
function warnNulls(item: JsonObject, written: JsonObject, path: Path, { section, findings }: ItemContext): void {
  const hasPeers = Object.keys(item).some(isPeerList);
  const verb = section.endsWith('Deny') ? 'denied to' : 'open to';
  for (const key of Object.keys(written).filter((field) => written[field] === null)) {
    const drop = `\`${key}:\` has nothing behind it, and the API server drops it`;
    if (isPeerList(key) && !hasPeers) {
      const effect = hasPorts(item)
        ? `these ports are then ${verb} everyone, the internet included`
        : 'the item then matches nothing';
      findings.warn('null-field', [...path, key], `${drop}: ${effect}. Write \`${key}: []\` for nobody`);
    } else if (key === 'toPorts' || key === 'icmps') {
      const effect = hasPorts(item)
        ? 'remove the line'
        : `every port and protocol is then ${verb} these peers, so write the ports or remove the line`;
      findings.warn('null-field', [...path, key], `${drop}: ${effect}`);
    }
  }
}

function warnOpenPeers(item: JsonObject, path: Path, { section, findings }: ItemContext): void {
  if (!hasPorts(item)) return;
  const kind = Object.keys(item).find(
    (key) => isPeerList(key) && selectsAnyWhenEmpty(key) && itemsOf(item, key).length === 0,
  );
  const others = Object.keys(item).some((key) => isPeerList(key) && key !== kind);
  if (kind === undefined || others) return;
  const verb = section.endsWith('Deny') ? 'denied to' : 'open to';
  findings.warn(
    'open-peers',
    [...path, kind],
    `\`${kind}: []\` with ports is no restriction for Cilium: these ports are ${verb} everyone, the internet included`,
  );
}
