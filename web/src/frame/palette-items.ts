import type { Environment, Policy } from '@bartizan/api';
import { carried, paths } from '../paths.ts';
import type { FrameSearch } from '../search.ts';
import type { IconName } from '../ui/icon-shapes.tsx';
import { railLinks } from './rail-links.ts';

export interface PaletteItem {
  readonly href: string;
  readonly icon: IconName;
  readonly label: string;
  readonly hint: string;
}

interface Known {
  readonly pathname: string;
  readonly search: FrameSearch;
  readonly environments: readonly Environment[];
  readonly policies: readonly Policy[];
  /** What was typed. */
  readonly query: string;
}

const most = 7;

/** What the palette can jump to, the first few of each kind. An environment keeps the page that is open. */
export function paletteGroups(
  known: Known,
): readonly { readonly name: string; readonly items: readonly PaletteItem[] }[] {
  const { pathname, search, environments, policies, query } = known;
  const links = railLinks(pathname, search);
  const pages = links.map(({ href, icon, name, key }) => ({ href, icon, label: name, hint: `g ${key}` }));
  const places = environments.map(({ id, name, cluster }) => {
    const at = railLinks(pathname, { ...search, env: id }).find(({ isCurrent }) => isCurrent);
    return {
      href: at?.href ?? paths.overview({ ...carried(search), env: id }),
      icon: 'server' as const,
      label: name,
      hint: cluster,
    };
  });
  const rules = policies.map((policy) => ({
    href: paths.policy(policy, carried(search)),
    icon: 'policies' as const,
    label: policy.name,
    hint: policy.namespace || 'cluster-wide',
  }));
  return [
    { name: 'Pages', items: pages },
    { name: 'Environments', items: places },
    { name: 'Policies', items: rules },
  ]
    .map(({ name, items }) => ({ name, items: items.filter((item) => isCalled(item, query)).slice(0, most) }))
    .filter(({ items }) => items.length > 0);
}

/** Every word that was typed is in the name or beside it. */
function isCalled({ label, hint }: PaletteItem, query: string): boolean {
  const text = `${label} ${hint}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
