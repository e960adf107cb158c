import { policyKindOf } from '../lower/lower-policy.ts';
import type { Manifest, ManifestSet } from '../source/manifest.ts';
import type { Reason } from './model.ts';

/** Which policy of a text is meant, where there are several. */
export interface PolicyChoice {
  readonly name?: string;
  readonly namespace?: string;
  readonly kind?: string;
}

export type Chosen =
  | { readonly ok: true; readonly manifest: Manifest; /** Among all manifests of the text. */ readonly index: number }
  | { readonly ok: false; readonly reasons: readonly Reason[] };

/** The one policy of a text, or why it cannot be told. */
export function choosePolicy({ manifests, problems }: ManifestSet, choice: PolicyChoice = {}): Chosen {
  if (problems.length > 0 && choice.name === undefined) return { ok: false, reasons: problems };
  const policies = manifests.filter(
    (manifest) => policyKindOf(manifest.object) !== undefined && isMeant(manifest, choice),
  );
  const [manifest, second] = policies;
  if (manifest === undefined) {
    const named = choice.name === undefined ? '' : ` named ${JSON.stringify(choice.name)}`;
    return {
      ok: false,
      reasons: [
        ...problems,
        { code: 'no-policy', message: `There is no network policy${named} in this file`, path: '' },
      ],
    };
  }
  if (second === undefined) return { ok: true, manifest, index: manifests.indexOf(manifest) };
  const message = `This file holds ${policies.length} policies: say which one is meant by its name`;
  return { ok: false, reasons: [{ code: 'several-policies', message, path: '', ...second.place('') }] };
}

function isMeant(manifest: Manifest, { name, namespace, kind }: PolicyChoice): boolean {
  return (
    (name === undefined || manifest.name === name) &&
    (namespace === undefined || manifest.namespace === namespace) &&
    (kind === undefined || manifest.kind === kind)
  );
}
