import { useEffect, useState } from 'react';
import { modelOf } from '../../editor/rule-model.ts';
import type { Card } from '../../editor/rule-model.ts';
import type { Thinker } from '../../editor/thinker.ts';

const none: readonly Card[] = [];

/** The rules that the cluster's version has, to mark what is new. */
export function useBaseRules(thinker: Thinker, base: string | null): readonly Card[] {
  const [known, setKnown] = useState<{ readonly base: string; readonly cards: readonly Card[] } | null>(null);
  useEffect(() => {
    if (base === null) return;
    let isOld = false;
    void thinker.ask('read', base).then(({ rules }) => {
      if (!isOld) setKnown({ base, cards: rules.ok ? modelOf(rules.rules, 1).cards : none });
    });
    return () => {
      isOld = true;
    };
  }, [thinker, base]);
  return known !== null && known.base === base ? known.cards : none;
}
