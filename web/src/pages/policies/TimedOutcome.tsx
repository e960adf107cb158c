import type { ReactNode } from 'react';
import { Ago } from '../../components/Ago.tsx';
import { useNow } from '../../components/use-now.ts';
import type { PolicyName } from '../../paths.ts';
import { useRevisions } from '../../queries/use-revisions.ts';
import { Note } from '../../ui/Note.tsx';
import { timedOutcome } from './revision-words.ts';

const shownForMs = 24 * 3_600_000;

/** What became of a timed change, for a day or until something else happens: nobody may have been there to see it. */
export function TimedOutcome({ env, name }: { readonly env: string; readonly name: PolicyName }): ReactNode {
  const [newest] = useRevisions(env, name).data?.items ?? [];
  const nowMs = useNow();
  const outcome = newest && timedOutcome(newest);
  if (!outcome || nowMs - Date.parse(newest.at) > shownForMs) return null;
  return (
    <section>
      <Note tone={outcome.isTakenBack ? 'notice' : 'warning'} icon="clock" title={outcome.title}>
        {outcome.detail} <Ago at={newest.at} />
      </Note>
    </section>
  );
}
