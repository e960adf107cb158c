import type { ReactNode } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { refreshRates } from '../search.ts';
import { lengthWords } from '../window/window-spec.ts';
import { usePageSearch, useSearchChange } from './scene-context.ts';
import type { MenuProps } from './TopBar.tsx';

export function RefreshMenu(props: MenuProps): ReactNode {
  const { refresh = 'off' } = usePageSearch();
  const change = useSearchChange();
  return (
    <Popover {...props} placement="bottom end" className="menu narrow" aria-label="Refresh every">
      <ListBox
        aria-label="Refresh every"
        autoFocus
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[refresh]}
        onSelectionChange={(keys) => {
          const [chosen] = [...keys];
          const rate = refreshRates.find((one) => one === chosen);
          if (rate) change({ refresh: rate === 'off' ? undefined : rate });
          props.onOpenChange(false);
        }}
      >
        {refreshRates.map((rate) => (
          <ListBoxItem key={rate} id={rate} className="option">
            {rate === 'off' ? 'Off' : lengthWords(rate)}
          </ListBoxItem>
        ))}
      </ListBox>
    </Popover>
  );
}
