import type { JsonObject } from '../../source/json.ts';
import { isSet, itemsOf, objectsOf } from '../access.ts';
import type { Path } from '../findings.ts';
import type { ItemContext } from './warn-items.ts';

/** `toServices`, which Cilium resolves to what it finds; what it does not find is no restriction where ports are named. */
export function warnServices(item: JsonObject, path: Path, { section, findings }: ItemContext): void {
  const services = objectsOf(item, 'toServices');
  if (services.length === 0) return;
  const at = [...path, 'toServices'];
  if (section === 'egressDeny') {
    const effect =
      itemsOf(item, 'toPorts').length > 0 ? 'these ports are denied towards everyone' : 'the item denies nothing';
    findings.warn(
      'services-in-deny',
      at,
      `Cilium does not resolve \`toServices\` in \`egressDeny\`: ${effect}. Select the pods or addresses behind the Service`,
    );
    return;
  }
  for (const [index, service] of services) {
    if (!isSet(service['k8sService']) && !isSet(service['k8sServiceSelector'])) {
      findings.warn(
        'empty-service',
        [...at, index],
        'This item names no Service and is never resolved: write `k8sService` or `k8sServiceSelector`',
      );
    }
  }
  if (itemsOf(item, 'toPorts').length > 0) {
    const message =
      'If no such Service exists (a typo, a deleted Service), Cilium drops the restriction, and these ports are open to everyone: make sure that it exists';
    findings.warn('service-may-be-missing', at, message);
  }
}
