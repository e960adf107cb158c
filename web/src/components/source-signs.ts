import type { Environment, Signal, SourceState, SourceStatus } from '@bartizan/api';
import type { Tone } from '../ui/Icon.tsx';
import type { IconName } from '../ui/icon-shapes.tsx';

export interface StateSign {
  readonly label: string;
  readonly icon: IconName;
  readonly tone: Tone;
}

const signs: Readonly<Record<SourceState, StateSign>> = {
  ok: { label: 'Connected', icon: 'ok', tone: 'fine' },
  missing: { label: 'Not set up', icon: 'dashed', tone: 'notice' },
  unreachable: { label: 'Unreachable', icon: 'danger', tone: 'danger' },
  forbidden: { label: 'Forbidden', icon: 'warn', tone: 'warning' },
  misconfigured: { label: 'Misconfigured', icon: 'warn', tone: 'warning' },
};

export function stateSign(state: SourceState): StateSign {
  return signs[state];
}

const signalNames: Readonly<Record<Signal, string>> = {
  waf: 'Firewall records',
  flows: 'Flows',
  policies: 'Policies',
};

export function signalName(signal: Signal): string {
  return signalNames[signal];
}

const kinds: Readonly<Record<string, string>> = {
  files: 'Audit and access log files',
  hubble: 'Hubble Relay',
  prometheus: 'Prometheus',
  kubernetes: 'Kubernetes API',
  elasticsearch: 'Elasticsearch',
};

export function kindName(kind: string): string {
  return kinds[kind] ?? kind;
}

const feeds: Readonly<Record<Signal, string>> = {
  waf: 'Firewall, Overview',
  flows: 'Network, Overview',
  policies: 'Policies, Overview',
};

export function feedsOf(signal: Signal): string {
  return feeds[signal];
}

/** The sources of some environments that need a person. */
export function needingAttention(environments: readonly Environment[]): readonly SourceStatus[] {
  return environments.flatMap(({ sources }) => sources.filter(({ state }) => state !== 'ok'));
}

/** Why a signal cannot be shown: its sources are all down or missing. Null as soon as one of them is fine. */
export function signalFault(environments: readonly Environment[], signal: Signal): SourceStatus | null {
  const sources = environments.flatMap((environment) =>
    environment.sources.filter((source) => source.signal === signal),
  );
  if (sources.some(({ state }) => state === 'ok')) return null;
  return sources[0] ?? null;
}
