import type { Window } from '@bartizan/api';
import type { Zone } from '../format/time.ts';
import { between, resolveSpec } from '../window/window-spec.ts';
import type { WindowSpec } from '../window/window-spec.ts';

/** What every question about observed data asks about. */
export interface Scene {
  /** Id of an environment, or `-` for all. */
  readonly env: string;
  readonly spec: WindowSpec;
  readonly zone: Zone;
  readonly refreshMs: number | false;
}

export function windowOf(scene: Pick<Scene, 'spec' | 'zone'>, nowMs: number): Window {
  const clock = { nowMs, zone: scene.zone };
  return resolveSpec(scene.spec, clock) ?? { fromMs: nowMs - 86_400_000, toMs: nowMs };
}

/** The window as the interface takes it. */
export function windowQuery(scene: Pick<Scene, 'spec' | 'zone'>, nowMs: number): { from: string; to: string } {
  const { fromMs, toMs } = windowOf(scene, nowMs);
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

/** The same question about the equally long window before. */
export function previousScene<One extends Scene>(scene: One, nowMs: number): One {
  const { fromMs, toMs } = windowOf(scene, Math.floor(nowMs / 60_000) * 60_000);
  return { ...scene, spec: between({ fromMs: fromMs - (toMs - fromMs), toMs: fromMs }), refreshMs: false };
}
