import type { Policy } from '@bartizan/api';
import type { ReactNode } from 'react';
import { InlineCode } from '../ui/InlineCode.tsx';
import { Note } from '../ui/Note.tsx';

/** Where Cilium refuses a policy, or comes to another result than the check made here. */
export function CiliumNote({ policy: { cilium } }: { readonly policy: Pick<Policy, 'cilium'> }): ReactNode {
  if (!cilium || (cilium.valid && !cilium.disagreement)) return null;
  const title = cilium.valid ? 'Cilium and the check here disagree.' : 'Cilium does not apply this policy.';
  return (
    <Note tone={cilium.valid ? 'warning' : 'danger'} title={title}>
      {!cilium.valid && cilium.message && (
        <>
          It says: <InlineCode text={cilium.message} />.{' '}
        </>
      )}
      {cilium.disagreement}
    </Note>
  );
}
