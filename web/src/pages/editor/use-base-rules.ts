import type { PolicyRule } from '@bartizan/policy';
import { useEffect, useState } from 'react';
import type { Thinker } from '../../editor/thinker.ts';

const none: readonly PolicyRule[] = [];

/** The rules that the cluster's version has, to mark what is new. */
export function useBaseRules(thinker: Thinker, base: string | null): readonly PolicyRule[] {
  const [known, setKnown] = useState<{ readonly base: string; readonly rules: readonly PolicyRule[] } | null>(null);
  useEffect(() => {
    if (base === null) return;
    let isOld = false;
    void thinker.ask('read', base).then(({ rules }) => {
      if (!isOld) setKnown({ base, rules: rules.ok ? rules.rules.rules : none });
    });
    return () => {
      isOld = true;
    };
  }, [thinker, base]);
  return known !== null && known.base === base ? known.rules : none;
}
