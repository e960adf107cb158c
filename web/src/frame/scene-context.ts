import { parseDuration } from '@bartizan/api';
import type { Environment, EnvironmentList } from '@bartizan/api';
import { useRouter, useRouterState } from '@tanstack/react-router';
import { createContext, use } from 'react';
import type { Scene } from '../queries/scene.ts';
import { printQuery } from '../search.ts';
import type { FrameSearch } from '../search.ts';
import { readSpec } from '../window/window-spec.ts';

export interface FrameScene extends Scene {
  /** The chosen environment; null for all of them, and until it is known. */
  readonly environment: Environment | null;
  readonly environments: readonly Environment[];
  /** Above these shares a figure asks to be looked into. */
  readonly thresholds: EnvironmentList['thresholds'];
}

export const SceneContext = createContext<FrameScene | null>(null);

/** What the page in the frame is about: environment, window, zone. */
export function useScene(): FrameScene {
  const scene = use(SceneContext);
  if (!scene) throw new Error('useScene needs the frame around it');
  return scene;
}

/** All environments add up. */
export const allEnvironments = '-';

const usualThresholds = { anomalousShare: 0.05, droppedShare: 0.05 };

export function sceneOf(search: FrameSearch, list: EnvironmentList | undefined): FrameScene {
  const environments = list?.items ?? [];
  const env = search.env ?? environments[0]?.id ?? '';
  return {
    env,
    spec: readSpec(search),
    zone: search.tz ?? 'utc',
    refreshMs: search.refresh && search.refresh !== 'off' ? (parseDuration(search.refresh) ?? false) : false,
    environment: environments.find(({ id }) => id === env) ?? null,
    environments,
    thresholds: list?.thresholds ?? usualThresholds,
  };
}

/** The URL's search as the page that is open reads it; the router does not tell its type to what is used on several pages. */
export function usePageSearch<Search extends FrameSearch>(): Search {
  const search: unknown = useRouterState({ select: ({ matches }) => matches.at(-1)?.search });
  return (search ?? {}) as Search;
}

type Patch<Search> = { readonly [Key in keyof Search]?: Search[Key] | undefined };

/** Changes some of the URL's search and keeps the rest: a new step for back and forward, or in place of the last. */
export function useSearchChange<Search extends FrameSearch>(): (
  patch: Patch<Search>,
  options?: { readonly replace?: boolean },
) => void {
  const router = useRouter();
  return (patch, { replace = false } = {}) => {
    const { pathname, search } = router.state.location;
    const href = pathname + printQuery({ ...search, ...patch });
    const state = { __TSR_resetScroll: false };
    if (replace) router.history.replace(href, state);
    else router.history.push(href, state);
  };
}
