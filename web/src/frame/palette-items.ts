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
}

/** Everything the palette can jump to. An environment keeps the page that is open. */
export function paletteGroups(
  known: Known,
): readonly { readonly name: string; readonly items: readonly PaletteItem[] }[] {
  const { pathname, search, environments, policies } = known;
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
  ].filter(({ items }) => items.length > 0);
}
