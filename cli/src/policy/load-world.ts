import type { EngineOptions, Inventory, Policy } from '@bartizan/policy';
import { UsageError } from '../command.ts';
import type { Gap } from './flow-gaps.ts';
import { judgePolicies } from './judged-policies.ts';
import type { ManifestSource } from './manifest-source.ts';
import type { ReadingIo } from './read-manifests.ts';

/** Policies, and the world they speak of, out of manifests. */
export interface LoadedWorld {
  readonly policies: readonly Policy[];
  readonly inventory: Inventory;
  readonly gaps: readonly Gap[];
}

export const asOption = {
  type: 'string',
  value: 'cilium|kubernetes',
  default: 'cilium',
  describe: 'whose semantics a NetworkPolicy gets',
} as const;

export function asOf(value: string): NonNullable<EngineOptions['as']> {
  if (value === 'cilium' || value === 'kubernetes') return value;
  throw new UsageError(`--as is cilium or kubernetes, not "${value}".`);
}

/** Reads all of it. A policy that the cluster would refuse has no effect, and is named on standard error. */
export async function loadWorld(
  sources: readonly ManifestSource[],
  as: EngineOptions['as'],
  io: ReadingIo,
): Promise<LoadedWorld> {
  const { policies, inventory, gaps, rejected } = await judgePolicies(sources, { as }, io);
  for (const { policy, message } of rejected) io.err(`${policy} would be refused and has no effect: ${message}\n`);
  return { policies, inventory, gaps };
}
