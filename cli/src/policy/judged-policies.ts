import { isPolicy, lowerPolicy, policyRef, readInventory, validate } from '@bartizan/policy';
import type { EngineOptions, Inventory, Manifest, Policy } from '@bartizan/policy';
import { CommandError } from '../command.ts';
import type { Gap } from './flow-gaps.ts';
import type { ManifestSource } from './manifest-source.ts';
import { readAllManifestFiles } from './read-manifests.ts';
import type { ReadingIo } from './read-manifests.ts';

export interface Rejected {
  readonly policy: string;
  readonly message: string;
}

/** The policies of manifests as the cluster takes them: those it would refuse have no effect. */
export interface JudgedPolicies {
  readonly policies: readonly Policy[];
  readonly rejected: readonly Rejected[];
  readonly inventory: Inventory;
  /** What could not be read, so that the answer is not complete. */
  readonly gaps: readonly Gap[];
  /** `FILE:LINE` of a path in a policy; of two policies of one name the last. */
  placeOf(policy: string, path: string): string | undefined;
}

export async function judgePolicies(
  sources: readonly ManifestSource[],
  options: EngineOptions,
  io: ReadingIo,
): Promise<JudgedPolicies> {
  const files = await readAllManifestFiles(sources, io);
  const broken = files.flatMap(({ file, problems }) =>
    problems.map(({ line, message }) => `${line === undefined ? file : `${file}:${line}`}: ${message}`),
  );
  if (broken.length > 0) {
    throw new CommandError(`not everything could be read, so there is no answer:\n${broken.slice(0, 20).join('\n')}`);
  }
  const manifests = files.flatMap(({ file, manifests: own }) => own.map((manifest) => ({ file, manifest })));
  const byRef = new Map(manifests.map((each) => [refOf(each.manifest), each]));
  const judged = manifests.filter(({ manifest }) => isPolicy(manifest)).map(({ manifest }) => judge(manifest, options));
  return {
    policies: judged.flatMap((each) => ('policy' in each && typeof each.policy === 'object' ? [each.policy] : [])),
    rejected: judged.flatMap((each) => ('message' in each ? [each] : [])),
    gaps: files.flatMap((file) => file.gaps ?? []),
    inventory: readInventory(manifests.map(({ manifest }) => manifest.object)),
    placeOf(policy, path) {
      const found = byRef.get(policy);
      return found && `${found.file}:${found.manifest.place(path).line}`;
    },
  };
}

function judge(manifest: Manifest, { as, nodeSelectorLabels }: EngineOptions): Rejected | { readonly policy: Policy } {
  const refusal = validate(manifest).find(
    ({ severity, code }) => severity === 'error' && !(nodeSelectorLabels === true && code === 'nodes-need-option'),
  );
  if (refusal) return { policy: refOf(manifest), message: refusal.message };
  const lowered = lowerPolicy(manifest.object, { as });
  if (lowered.ok) return { policy: lowered.value };
  return { policy: refOf(manifest), message: lowered.problems[0]?.message ?? 'it cannot be read' };
}

function refOf({ kind, namespace, name }: Manifest): string {
  const isClusterScoped = kind === 'CiliumClusterwideNetworkPolicy' || kind === 'CiliumCIDRGroup';
  return policyRef(kind, isClusterScoped ? '' : namespace || 'default', name);
}
