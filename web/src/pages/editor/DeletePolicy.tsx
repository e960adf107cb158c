import type { Policy } from '@bartizan/api';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { Thinker } from '../../editor/thinker.ts';
import type { PolicyName } from '../../paths.ts';
import { useDeletePolicy } from '../../queries/use-policy-writes.ts';
import { DeleteDialog } from './DeleteDialog.tsx';

interface Props {
  readonly env: string;
  readonly thinker: Thinker;
  readonly name: PolicyName;
  readonly policy: Policy;
  readonly etag: string;
  readonly onDeleted: () => void;
  readonly onClose: () => void;
}

/** Asks, and deletes only the version that was seen. */
export function DeletePolicy({ env, thinker, name, policy, etag, onDeleted, onClose }: Props): ReactNode {
  const remove = useDeletePolicy(env);
  const [withoutIt, setWithoutIt] = useState<string | null>(null);
  useEffect(() => {
    let isOld = false;
    void thinker.ask('disable', policy.manifest).then((off) => {
      if (!isOld && off.ok) setWithoutIt(off.reading.text);
    });
    return () => {
      isOld = true;
    };
  }, [thinker, policy.manifest]);
  return (
    <DeleteDialog
      policy={policy}
      withoutIt={withoutIt}
      isDeleting={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate({ name, etag }, { onSuccess: onDeleted })}
      onClose={onClose}
    />
  );
}
