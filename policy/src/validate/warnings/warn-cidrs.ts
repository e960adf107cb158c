import { contains, formatCidr, isSingleAddress, parseCidr } from '../../model/address.ts';
import type { Cidr } from '../../model/address.ts';
import type { JsonObject, JsonValue } from '../../source/json.ts';
import { isObject } from '../../source/json.ts';
import { itemsOf, objectsOf, textAt } from '../access.ts';
import type { Findings, Path } from '../findings.ts';
import type { ItemContext } from './warn-items.ts';

interface Written {
  readonly text: string;
  readonly path: Path;
  readonly excepts: readonly JsonValue[];
}

/** The address blocks of one item of a Cilium policy. */
export function warnCidrs(item: JsonObject, path: Path, { section, findings }: ItemContext): void {
  const prefix = section.startsWith('ingress') ? 'from' : 'to';
  const plain = itemsOf(item, `${prefix}CIDR`).flatMap((text, index): Written[] =>
    typeof text === 'string' ? [{ text, path: [...path, `${prefix}CIDR`, index], excepts: [] }] : [],
  );
  const sets = objectsOf(item, `${prefix}CIDRSet`).flatMap(([index, block]): Written[] => {
    const text = textAt(block, 'cidr');
    return text === ''
      ? []
      : [{ text, path: [...path, `${prefix}CIDRSet`, index, 'cidr'], excepts: itemsOf(block, 'except') }];
  });
  warnBlocks([...plain, ...sets], findings);
}

/** The address blocks of one rule of a NetworkPolicy. */
export function warnIpBlocks(peers: readonly JsonValue[], path: Path, findings: Findings): void {
  const blocks = peers.flatMap((peer, index): Written[] => {
    const block = isObject(peer) ? peer['ipBlock'] : undefined;
    if (!isObject(block)) return [];
    return [
      { text: textAt(block, 'cidr'), path: [...path, index, 'ipBlock', 'cidr'], excepts: itemsOf(block, 'except') },
    ];
  });
  warnBlocks(blocks, findings);
}

function warnBlocks(blocks: readonly Written[], findings: Findings): void {
  const read = blocks.flatMap((block) => {
    const cidr = parseCidr(block.text);
    return cidr === undefined ? [] : [{ ...block, cidr }];
  });
  const families = new Set(read.filter(({ cidr }) => cidr.bits === 0).map(({ cidr }) => cidr.family));
  const podBlocks = privateBlocks.flatMap((block) => parseCidr(block) ?? []);
  for (const { text, path, excepts, cidr } of read) {
    if (cidr.bits === 0) warnEverything(text, path, { findings, hasBoth: families.size === 2 });
    else if (!isSingleAddress(cidr) && podBlocks.some((block) => contains(block, cidr))) warnPods(text, path, findings);
    warnHostBits(text, path, cidr, findings);
    if (excepts.some((except) => typeof except === 'string' && covers(except, cidr))) {
      findings.warn(
        'nothing-left',
        path,
        `The exception covers the whole of \`${text}\`: nothing is left, and the rule matches nobody`,
      );
    }
  }
}

function covers(except: string, cidr: Cidr): boolean {
  const hole = parseCidr(except);
  return hole !== undefined && contains(hole, cidr);
}

function warnEverything(
  text: string,
  path: Path,
  { findings, hasBoth }: { findings: Findings; hasBoth: boolean },
): void {
  const family = text.includes(':') ? 'IPv6' : 'IPv4';
  const other = family === 'IPv4' ? '::/0' : '0.0.0.0/0';
  const only = hasBoth ? '' : `, and ${family} only: add \`${other}\` if the other family is meant too`;
  findings.warn(
    'outside-only',
    path,
    `\`${text}\` means the addresses outside the cluster: pods and nodes never match it${only}`,
  );
}

/** Blocks that clusters take their pods and Services from. */
const privateBlocks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

function warnPods(text: string, path: Path, findings: Findings): void {
  const message = `In Cilium pods and nodes never match an address block: if \`${text}\` is meant for them, select them by labels or entities`;
  findings.warn('cidr-for-pods', path, message);
}

function warnHostBits(text: string, path: Path, cidr: Cidr, findings: Findings): void {
  const address = parseCidr(text.slice(0, text.lastIndexOf('/')));
  if (address === undefined || address.first === cidr.first) return;
  findings.warn(
    'host-bits',
    path,
    `\`${text}\` has bits behind its prefix length and means \`${formatCidr(cidr)}\`: write that, or /${address.bits} for one address`,
  );
}
