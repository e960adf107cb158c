import type { Environment, Signal, SourceStatus } from '@bartizan/api';
import { kindName } from '../../components/source-signs.ts';

const missed: Readonly<Record<Signal, string>> = {
  waf: 'The page Firewall, and the share of requests that were judged attacks.',
  flows: 'The page Network: what the network forwards and drops, and why.',
  policies: 'The page Policies: what is enforced, and switching it on and off.',
};

/** What the console cannot show while a source gives nothing: nothing, where another one gives the same signal. */
export function missedWithout(source: SourceStatus, { sources }: Pick<Environment, 'sources'>): string {
  const other = sources.find(({ signal, state }) => signal === source.signal && state === 'ok');
  return other ? `Little: ${kindName(other.kind)} gives the same, and is connected.` : missed[source.signal];
}
