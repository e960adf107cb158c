import type { ReactNode } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Icon } from '../ui/Icon.tsx';
import { allEnvironments, useScene, useSearchChange } from './scene-context.ts';
import type { MenuProps } from './TopBar.tsx';

export function EnvironmentMenu(props: MenuProps): ReactNode {
  const { env, environments } = useScene();
  const change = useSearchChange();
  return (
    <Popover {...props} placement="bottom start" className="menu" aria-label="Environments">
      <ListBox
        aria-label="Environments"
        autoFocus
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[env]}
        onSelectionChange={(keys) => {
          const [chosen] = [...keys];
          if (typeof chosen === 'string') change({ env: chosen });
          props.onOpenChange(false);
        }}
      >
        {environments.length > 1 && (
          <ListBoxItem id={allEnvironments} textValue="All environments" className="option">
            <Icon name="list" />
            <b>All environments</b>
            <span className="end">{environments.length}</span>
          </ListBoxItem>
        )}
        {environments.map(({ id, name, cluster, namespaces, sources }) => (
          <ListBoxItem key={id} id={id} textValue={name} className="option">
            <Icon name="server" />
            <b>{name}</b>
            <span className="quiet">
              {cluster} · {namespaces.join(', ')}
            </span>
            <span className="end">
              {sources.some(({ state }) => state !== 'ok') && <Icon name="warn" tone="warning" />}
            </span>
          </ListBoxItem>
        ))}
      </ListBox>
    </Popover>
  );
}
