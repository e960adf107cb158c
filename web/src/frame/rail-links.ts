import { carried, paths } from '../paths.ts';
import type { FrameSearch } from '../search.ts';
import type { IconName } from '../ui/icon-shapes.tsx';

export interface RailLink {
  readonly name: string;
  readonly icon: IconName;
  /** Pressed after `g`. */
  readonly key: string;
  readonly href: string;
  readonly isCurrent: boolean;
}

const pages = [
  { name: 'Overview', icon: 'overview', key: 'o', to: paths.overview, at: '/' },
  { name: 'Firewall', icon: 'firewall', key: 'f', to: paths.firewall, at: '/firewall' },
  { name: 'Network', icon: 'network', key: 'n', to: paths.network, at: '/network' },
  { name: 'Policies', icon: 'policies', key: 'p', to: paths.policies, at: '/policies' },
  { name: 'Settings', icon: 'settings', key: 's', to: paths.sources, at: '/settings' },
] as const;

/** The pages of the console, each with what the frame carries along. */
export function railLinks(pathname: string, search: FrameSearch): readonly RailLink[] {
  return pages.map(({ name, icon, key, to, at }) => ({
    name,
    icon,
    key,
    href: to(carried(search)),
    isCurrent: at === '/' ? pathname === '/' : pathname === at || pathname.startsWith(`${at}/`),
  }));
}
