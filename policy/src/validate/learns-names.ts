import type { JsonObject } from '../source/json.ts';
import type { Manifest } from '../source/manifest.ts';
import { itemsOf, objectAt, objectsOf } from './access.ts';
import { rulesOf } from './rules-of.ts';

/** Whether a policy has a DNS rule: only then does Cilium learn which addresses a name of `toFQDNs` has. */
export function learnsNames({ object }: Pick<Manifest, 'object'>): boolean {
  return rulesOf(object).some(([, rule]) => hasDnsRule(rule));
}

export function hasDnsRule(rule: JsonObject): boolean {
  return objectsOf(rule, 'egress').some(([, item]) =>
    objectsOf(item, 'toPorts').some(([, ports]) => itemsOf(objectAt(ports, 'rules'), 'dns').length > 0),
  );
}
