import { placeOf } from '../model/protocol.ts';
import type { Category } from './classify.ts';
import type { ObservedConnection, ObservedEnd, Outcome } from './observed.ts';
import type { Stand } from './stand.ts';

export interface ReasonInput {
  readonly category: Category;
  readonly outcome: Outcome;
  readonly connection: ObservedConnection;
  readonly from: ObservedEnd;
  readonly to: ObservedEnd;
  readonly stand: Stand;
}

/** Why a connection is in its category, where that is not plain from the category itself. */
export function reasonOf(input: ReasonInput): string | undefined {
  const { category, outcome } = input;
  switch (category) {
    case 'unknown':
      return whyUnknown(input);
    case 'audited':
      return 'recorded in audit mode: it passes now and is denied once policies are enforced';
    case 'disagrees':
      return outcome === 'forwarded'
        ? 'it was let through, but the policies given as before deny it'
        : 'it was denied, but the policies given as before allow it';
    case 'newlyAllowed':
      return outcome === 'audit' ? 'recorded in audit mode: it was to be denied' : undefined;
    default:
      return undefined;
  }
}

function whyUnknown({ outcome, connection, from, to, stand }: ReasonInput): string {
  const { protocol, port } = connection;
  if (from.missing !== undefined) return from.missing;
  if (to.missing !== undefined) return to.missing;
  if (placeOf(protocol) < 0) return 'its protocol was not recorded';
  if (port === null) return 'its port was not recorded';
  const error = undecidedOf(connection, stand);
  if (error !== undefined) return error;
  if (outcome === 'unknown')
    return connection.unknownBecause ?? 'its recorded verdict says neither forwarded nor dropped';
  if (to.endpoint?.cidr !== undefined) return `no DNS name was recorded for ${to.name}, and a policy allows by name`;
  const slots = [connection.from, connection.to].map((end) => stand.engine.state.slots.get(String(end)));
  return slots.find((slot) => slot?.error !== undefined)?.error ?? 'it cannot be judged';
}

function undecidedOf({ from, to }: ObservedConnection, stand: Stand): string | undefined {
  const asked = [[from, 'egress'] as const, [to, 'ingress'] as const].filter(([end]) => stand.enforced[end] === 1);
  return asked
    .map(([end, direction]) => stand.offsetOf(end, direction, 0))
    .find((offset) => typeof offset === 'string');
}
