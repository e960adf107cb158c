import { changeInSet } from '../edit/change-manifest.ts';
import { setEnforcement } from '../edit/enforcement.ts';
import { sameJson } from '../edit/same-json.ts';
import type { Problem, Result } from '../model/problem.ts';
import type { JsonValue } from '../source/json.ts';
import type { ManifestSet } from '../source/manifest.ts';
import { readManifests } from '../source/read-manifests.ts';
import { asJson } from './as-json.ts';
import { choosePolicy } from './choose-policy.ts';
import type { PolicyChoice } from './choose-policy.ts';
import type { PolicyRules, Reason, RulesResult } from './model.ts';
import { sectionOf, sections } from './sections.ts';
import { toRules } from './to-rules.ts';
import { wantedObject } from './wanted.ts';

/** What Rule mode shows of the only policy of a text, or of the chosen one. */
export function readRules(text: string, choice: PolicyChoice = {}): RulesResult {
  const chosen = choosePolicy(readManifests(text), choice);
  return chosen.ok ? toRules(chosen.manifest) : chosen;
}

/**
 * The text after its policy was made to say `wanted`: only the parts in which it differs from what the policy says now
 * change. The result is read back and must say exactly `wanted`.
 */
export function applyRules(text: string, wanted: PolicyRules, choice: PolicyChoice = {}): Result<string> {
  const changed = changeRules(readManifests(text), wanted, choice);
  return changed.ok ? { ok: true, value: changed.value.text } : changed;
}

/** The same, for a text that was read already: the changed text as it reads. */
export function changeRules(set: ManifestSet, wanted: PolicyRules, choice: PolicyChoice = {}): Result<ManifestSet> {
  const chosen = choosePolicy(set, choice);
  if (!chosen.ok) return refuse(chosen.reasons);
  const { manifest, index } = chosen;
  const current = toRules(manifest);
  if (!current.ok) return refuse(current.reasons);
  if (current.rules.kind !== wanted.kind) {
    return refuse([
      { code: 'other-kind', message: `This is a ${manifest.kind}, which cannot become a ${wanted.kind}`, path: 'kind' },
    ]);
  }
  if (sameRules(current.rules, wanted)) return { ok: true, value: set };
  const isSame = sameRules(current.rules, { ...wanted, enabled: current.rules.enabled });
  const changed: Result<ManifestSet> = isSame
    ? { ok: true, value: set }
    : changeInSet(set, index, wantedObject(manifest.object, current.rules, wanted));
  if (!changed.ok) return changed;
  const switched = current.rules.enabled === wanted.enabled ? changed : switchOne(changed.value, index, wanted);
  return switched.ok ? verify(switched.value, index, wanted) : switched;
}

function switchOne(set: ManifestSet, index: number, { enabled }: PolicyRules): Result<ManifestSet> {
  const switched = setEnforcement(set.text, { enabled, index });
  return switched.ok ? { ok: true, value: readManifests(switched.value, set) } : switched;
}

function verify(set: ManifestSet, index: number, wanted: PolicyRules): Result<ManifestSet> {
  const manifest = set.manifests[index];
  const written = manifest && toRules(manifest);
  if (written?.ok && sameRules(written.rules, wanted)) return { ok: true, value: set };
  const message = 'These rules cannot be written so that they read back the same: change the YAML by hand';
  return refuse([{ code: 'cannot-write', message, path: '' }, ...(written && !written.ok ? written.reasons : [])]);
}

/** The order of rules counts within a section only. */
export function sameRules(a: PolicyRules, b: PolicyRules): boolean {
  const inOrder = (policy: PolicyRules): JsonValue =>
    asJson({
      ...policy,
      rules: sections.flatMap(({ key }) => policy.rules.filter((rule) => sectionOf(rule) === key)),
    });
  return sameJson(inOrder(a), inOrder(b));
}

function refuse(reasons: readonly Reason[]): { readonly ok: false; readonly problems: readonly Problem[] } {
  return { ok: false, problems: reasons.map((reason) => ({ ...reason, severity: 'error' })) };
}
