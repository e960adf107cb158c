import { setEnforcement } from '@bartizan/policy';
import { diffLines, withContext } from '../../diff/diff-lines.ts';
import type { DiffRow } from '../../diff/diff-lines.ts';

interface Draft {
  readonly manifest: string;
  readonly enabled: boolean;
  readonly isDeployed: boolean;
}

/** What switching does to the manifest: the same change as the server makes, or why it cannot be told. */
export function previewEnforcement(draft: Draft): { readonly rows: readonly DiffRow[] } | { readonly reason: string } {
  const { manifest, enabled, isDeployed } = draft;
  const result = setEnforcement(manifest, { enabled });
  if (!result.ok) return { reason: result.problems[0]?.message ?? 'the manifest could not be read' };
  return { rows: withContext(diffLines(isDeployed ? manifest : '', result.value)) };
}
