import { useQueryClient } from '@tanstack/react-query';
import { Suspense, lazy, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { formatMoment, zoneName } from '../format/time.ts';
import { useConsoleApi } from '../queries/console-api.tsx';
import { windowOf } from '../queries/scene.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { lengthShort, printSpec, shiftSpec, specWords, zoomOut } from '../window/window-spec.ts';
import type { WindowSpec } from '../window/window-spec.ts';
import { allEnvironments, usePageSearch, useScene, useSearchChange } from './scene-context.ts';
import { ThemeButton } from './ThemeButton.tsx';

const EnvironmentMenu = lazy(async () => ({ default: (await import('./pickers.ts')).EnvironmentMenu }));
const RangeMenu = lazy(async () => ({ default: (await import('./pickers.ts')).RangeMenu }));
const RefreshMenu = lazy(async () => ({ default: (await import('./pickers.ts')).RefreshMenu }));

export interface MenuProps {
  readonly triggerRef: RefObject<HTMLButtonElement | null>;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

export function TopBar({ onPalette }: { readonly onPalette: () => void }): ReactNode {
  return (
    <header className="top">
      <EnvironmentPicker />
      <span className="push" />
      <RangePicker />
      <RefreshPicker />
      <ZoneButton />
      <button type="button" className="palette" aria-haspopup="dialog" onClick={onPalette}>
        <Icon name="search" />
        <span className="sr">Search or jump to</span>
        <span className="wide" aria-hidden="true">
          Search or jump to
        </span>
        <kbd className="wide" aria-hidden="true">
          Ctrl K
        </kbd>
      </button>
      <ThemeButton />
    </header>
  );
}

/** A menu is loaded when it is first opened, and stays. */
function useMenu(): MenuProps & { readonly isWanted: boolean; readonly toggle: () => void } {
  const triggerRef = useRef<HTMLButtonElement>(null);
  const [isOpen, onOpenChange] = useState(false);
  const [isWanted, setWanted] = useState(false);
  const toggle = () => {
    setWanted(true);
    onOpenChange(!isOpen);
  };
  return { triggerRef, isOpen, onOpenChange, isWanted, toggle };
}

function EnvironmentPicker(): ReactNode {
  const { env, environment } = useScene();
  const { triggerRef, isOpen, onOpenChange, isWanted, toggle } = useMenu();
  const name = env === allEnvironments ? 'All environments' : (environment?.name ?? env);
  const where = environment ? `${environment.cluster} · ${environment.namespaces.join(', ')}` : '';
  return (
    <>
      <button
        type="button"
        className="env"
        ref={triggerRef}
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        title={where}
        onClick={toggle}
      >
        <Icon name="server" />
        <span className="sr">Environment: </span>
        <b>{name || 'No environment'}</b>
        <span className="wide">{where}</span>
        <Icon name="down" />
      </button>
      <Suspense>{isWanted && <EnvironmentMenu {...{ triggerRef, isOpen, onOpenChange }} />}</Suspense>
    </>
  );
}

function RangePicker(): ReactNode {
  const { spec, zone } = useScene();
  const { moment } = useConsoleApi();
  const change = useSearchChange();
  const { triggerRef, isOpen, onOpenChange, isWanted, toggle } = useMenu();
  const clock = () => ({ nowMs: moment.read(), zone });
  const set = (next: WindowSpec) => change(printSpec(next));
  const window = windowOf({ spec, zone }, moment.read());
  const length = lengthShort(window);
  const words = specWords(spec, clock());
  return (
    <div className="group" role="group" aria-label="Time range">
      <Button
        label={`Back by ${length}`}
        icon="left"
        iconOnly
        className="wide"
        onPress={() => set(shiftSpec(spec, 'back', clock()))}
      />
      <button
        type="button"
        className="btn"
        ref={triggerRef}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        title={`${formatMoment(window.fromMs, zone)} to ${formatMoment(window.toMs, zone)}`}
        onClick={toggle}
      >
        <Icon name="clock" />
        <span className="sr">Time range: </span>
        <span className="wide">{words}</span>
        <span className="slim">{length}</span>
        <Icon name="down" />
      </button>
      <Button
        label={`Forward by ${length}`}
        icon="right"
        iconOnly
        className="wide"
        onPress={() => set(shiftSpec(spec, 'forward', clock()))}
      />
      <Button label="Zoom out" icon="zoomout" iconOnly className="wide" onPress={() => set(zoomOut(spec, clock()))} />
      <Suspense>{isWanted && <RangeMenu {...{ triggerRef, isOpen, onOpenChange }} />}</Suspense>
    </div>
  );
}

function RefreshPicker(): ReactNode {
  const cache = useQueryClient();
  const { refresh = 'off' } = usePageSearch();
  const { triggerRef, isOpen, onOpenChange, isWanted, toggle } = useMenu();
  const words = refresh === 'off' ? 'off' : refresh.replace(/([sm])$/, ' $1');
  return (
    <div className="group wide" role="group" aria-label="Refresh">
      <Button label="Refresh now" icon="refresh" iconOnly onPress={() => void cache.invalidateQueries()} />
      <Button label={`Refresh every: ${words}`} opens="listbox" isOpen={isOpen} ref={triggerRef} onPress={toggle}>
        <span>{refresh === 'off' ? 'Off' : words}</span>
      </Button>
      <Suspense>{isWanted && <RefreshMenu {...{ triggerRef, isOpen, onOpenChange }} />}</Suspense>
    </div>
  );
}

function ZoneButton(): ReactNode {
  const { zone } = useScene();
  const { moment } = useConsoleApi();
  const change = useSearchChange();
  const name = zoneName(moment.read(), zone);
  const other = zone === 'utc' ? 'local time' : 'UTC';
  return (
    <Button
      label={`Times in ${zone === 'utc' ? 'UTC' : `local time, ${name}`}. Change to ${other}`}
      className="wide"
      onPress={() => change({ tz: zone === 'utc' ? 'local' : undefined })}
    >
      <span>{zone === 'utc' ? 'UTC' : `Local, ${name}`}</span>
    </Button>
  );
}
