import type { PolicyKind, PolicyState } from '@bartizan/api';

/** What the URL of every page says: which environment, which time, how it is shown. */
export interface FrameSearch {
  readonly env?: string;
  readonly range?: string;
  readonly from?: string;
  readonly to?: string;
  readonly refresh?: RefreshRate;
  readonly tz?: 'local';
}

export const refreshRates = ['off', '10s', '30s', '1m', '5m'] as const;
export type RefreshRate = (typeof refreshRates)[number];

export const scopes = ['anomalous', 'blocked', 'detected', 'all'] as const;
/** Which transactions lists and records show. */
export type Scope = (typeof scopes)[number];

export interface FirewallSearch extends FrameSearch {
  readonly filter?: string;
  readonly show?: Scope;
}

export interface TuningSearch extends FrameSearch {
  readonly filter?: string;
  /** Keys of the chosen exclusions, with commas between. */
  readonly exclude?: string;
}

export interface NetworkSearch extends FrameSearch {
  readonly filter?: string;
  readonly show?: 'all' | 'dropped';
  /** Inbound and outbound in a chart each. */
  readonly chart?: 'apart';
  /** Records come in by themselves. */
  readonly live?: 'yes';
}

export const policySorts = [
  'state',
  'name',
  'namespace',
  'kind',
  'selects',
  'pods',
  'problems',
  'owner',
  'modified',
] as const;
export type PolicySort = (typeof policySorts)[number];

export interface PoliciesSearch extends FrameSearch {
  readonly q?: string;
  /** `deleted`: those of the history that are no more in the cluster. */
  readonly state?: PolicyState | 'deleted';
  readonly kind?: PolicyKind;
  readonly namespace?: string;
  readonly problems?: 'yes';
  /** The place in the manifest that is pointed at: `spec.ingress[0]`. */
  readonly at?: string;
  /** `name`, or `-name` for the other way round. */
  readonly sort?: PolicySort | `-${PolicySort}`;
}

export const previewTabs = ['words', 'yaml', 'diff', 'effect', 'problems'] as const;
export type PreviewTab = (typeof previewTabs)[number];

export interface EditorSearch extends FrameSearch {
  readonly mode?: 'yaml';
  readonly tab?: PreviewTab;
  /** What a new policy is a copy of: `namespace/kind/name`. */
  readonly copy?: string;
  /** The flow that a draft is to let through. */
  readonly flow?: string;
}

type Raw = Readonly<Record<string, unknown>>;

export function readFrameSearch(raw: Raw): FrameSearch {
  return defined({
    env: text(raw, 'env'),
    range: text(raw, 'range'),
    from: text(raw, 'from'),
    to: text(raw, 'to'),
    refresh: choice(raw, 'refresh', refreshRates),
    tz: choice(raw, 'tz', ['local']),
  });
}

export function readFirewallSearch(raw: Raw): FirewallSearch {
  return { ...readFrameSearch(raw), ...defined({ filter: text(raw, 'filter'), show: choice(raw, 'show', scopes) }) };
}

export function readTuningSearch(raw: Raw): TuningSearch {
  return { ...readFrameSearch(raw), ...defined({ filter: text(raw, 'filter'), exclude: text(raw, 'exclude') }) };
}

export function readNetworkSearch(raw: Raw): NetworkSearch {
  return {
    ...readFrameSearch(raw),
    ...defined({
      filter: text(raw, 'filter'),
      show: choice(raw, 'show', ['all', 'dropped']),
      chart: choice(raw, 'chart', ['apart']),
      live: choice(raw, 'live', ['yes']),
    }),
  };
}

const sorts = policySorts.flatMap((sort): readonly NonNullable<PoliciesSearch['sort']>[] => [sort, `-${sort}`]);

export function readPoliciesSearch(raw: Raw): PoliciesSearch {
  return {
    ...readFrameSearch(raw),
    ...defined({
      q: text(raw, 'q'),
      state: choice(raw, 'state', ['enforced', 'disabled', 'predefined', 'not-applied', 'deleted']),
      kind: choice(raw, 'kind', ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy']),
      namespace: text(raw, 'namespace'),
      problems: choice(raw, 'problems', ['yes']),
      at: text(raw, 'at'),
      sort: choice(raw, 'sort', sorts),
    }),
  };
}

export function readEditorSearch(raw: Raw): EditorSearch {
  return {
    ...readFrameSearch(raw),
    ...defined({
      mode: choice(raw, 'mode', ['yaml']),
      tab: choice(raw, 'tab', previewTabs),
      copy: text(raw, 'copy'),
      flow: text(raw, 'flow'),
    }),
  };
}

/** The query of a URL as plain text pairs: `?range=24h`, nothing quoted twice. */
export function parseQuery(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

export function printQuery(search: object): string {
  const pairs = Object.entries(search as Record<string, string | undefined>).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '',
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

function text(raw: Raw, key: string): string | undefined {
  const value = raw[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function choice<Value extends string>(raw: Raw, key: string, values: readonly Value[]): Value | undefined {
  return values.find((value) => value === raw[key]);
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
