import { useEffect, useState } from 'react';
import { createThinker, startThread } from '../../editor/thinker.ts';
import type { Thinker } from '../../editor/thinker.ts';

/** The worker of one editor, which ends with it. */
export function useThinker(): Thinker {
  const [thinker] = useState(() => createThinker(startThread));
  useEffect(() => () => thinker.close(), [thinker]);
  return thinker;
}
