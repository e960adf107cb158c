import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Autocomplete } from 'react-aria-components/Autocomplete';
import { Header } from 'react-aria-components/Header';
import { Input } from 'react-aria-components/Input';
import { ListBox, ListBoxItem, ListBoxSection } from 'react-aria-components/ListBox';
import { SearchField } from 'react-aria-components/SearchField';
import { useOpen } from '../components/Link.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Overlay } from '../ui/Overlay.tsx';
import { usePolicies } from '../queries/use-policies.ts';
import { paletteGroups } from './palette-items.ts';
import { usePageSearch, useScene } from './scene-context.ts';

/** Type a few letters, press Enter: pages, environments, policies. */
export function Palette({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [query, setQuery] = useState('');
  const { pathname } = useLocation();
  const scene = useScene();
  const search = usePageSearch();
  const policies = usePolicies(scene);
  const open = useOpen();
  const groups = paletteGroups({
    pathname,
    search,
    environments: scene.environments,
    policies: policies.data?.items ?? [],
    query,
  });
  return (
    <Overlay label="Search or jump to" isBare onClose={onClose}>
      <Autocomplete inputValue={query} onInputChange={setQuery}>
        <SearchField aria-label="Search or jump to" autoFocus className="ask big">
          <Icon name="search" />
          <Input placeholder="A page, an environment, a policy" />
          <kbd>Esc</kbd>
        </SearchField>
        <ListBox
          aria-label="Results"
          className="pal"
          selectionMode="none"
          renderEmptyState={() => <p className="quiet pal-empty">Nothing is called that.</p>}
          onAction={(key) => {
            open(String(key));
            onClose();
          }}
        >
          {groups.map(({ name, items }) => (
            <ListBoxSection key={name} id={name}>
              <Header className="head-line">{name}</Header>
              {items.map(({ href, icon, label, hint }) => (
                <ListBoxItem key={href} id={href} textValue={`${label} ${hint}`} className="option">
                  <Icon name={icon} />
                  <span>{label}</span>
                  <span className="quiet">{hint}</span>
                </ListBoxItem>
              ))}
            </ListBoxSection>
          ))}
        </ListBox>
      </Autocomplete>
    </Overlay>
  );
}
