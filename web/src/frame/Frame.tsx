import { Outlet, useLocation } from '@tanstack/react-router';
import { Suspense, lazy, useEffect, useEffectEvent, useState } from 'react';
import type { ReactNode } from 'react';
import { useEnvironments } from '../queries/use-environments.ts';
import { Hatches } from '../ui/chart/Legend.tsx';
import { EnvironmentGate } from './EnvironmentGate.tsx';
import { Rail } from './Rail.tsx';
import { SceneContext, sceneOf, usePageSearch, useSearchChange } from './scene-context.ts';
import { TopBar } from './TopBar.tsx';
import { useKeyboard } from './use-keyboard.ts';

const Palette = lazy(async () => ({ default: (await import('./Palette.tsx')).Palette }));
const KeysDialog = lazy(async () => ({ default: (await import('./KeysDialog.tsx')).KeysDialog }));

/** What stands around every page: rail, bar, and the environment that the page is about. */
export function Frame(): ReactNode {
  const search = usePageSearch();
  const { pathname } = useLocation();
  const list = useEnvironments();
  const scene = sceneOf(search, list.data);
  const [overlay, setOverlay] = useState<'palette' | 'keys' | null>(null);
  useKeyboard({ onPalette: () => setOverlay('palette'), onKeys: () => setOverlay('keys') });
  useNamedEnvironment(scene.env, search.env);
  return (
    <SceneContext value={scene}>
      <Hatches />
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <div className="app">
        <Rail />
        <div className="main">
          <TopBar onPalette={() => setOverlay('palette')} />
          <main id="page" tabIndex={-1}>
            <EnvironmentGate list={list} isSettings={pathname.startsWith('/settings')}>
              <Outlet />
            </EnvironmentGate>
          </main>
        </div>
      </div>
      <Suspense>
        {overlay === 'palette' && <Palette onClose={() => setOverlay(null)} />}
        {overlay === 'keys' && <KeysDialog onClose={() => setOverlay(null)} />}
      </Suspense>
    </SceneContext>
  );
}

/** A copied link shows the same environment, so the URL names the one that was chosen for the reader. */
function useNamedEnvironment(chosen: string, named: string | undefined): void {
  const change = useSearchChange();
  const nameIt = useEffectEvent(() => change({ env: chosen }, { replace: true }));
  useEffect(() => {
    if (named === undefined && chosen !== '') nameIt();
  }, [chosen, named]);
}
