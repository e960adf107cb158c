import type { ReactNode } from 'react';
import { formatAge, formatClock } from '../format/time.ts';
import { usePageSearch, useScene } from '../frame/scene-context.ts';
import { carried, paths } from '../paths.ts';
import { failureOf } from '../queries/failure.ts';
import { Button } from '../ui/Button.tsx';
import { Note } from '../ui/Note.tsx';
import { Link } from './Link.tsx';
import { useNow } from './use-now.ts';

interface Question {
  readonly error: unknown;
  readonly data: unknown;
  readonly dataUpdatedAt: number;
  readonly isFetching: boolean;
  readonly refetch: () => unknown;
}

/** Why an answer did not come, and how old what stands below is. Nothing where nothing failed. */
export function FailedNote({
  what,
  questions,
}: {
  readonly what: string;
  readonly questions: readonly Question[];
}): ReactNode {
  const { zone } = useScene();
  const nowMs = useNow();
  const search = usePageSearch();
  const failed = questions.filter(({ error }) => error !== null);
  const [first] = failed;
  if (!first) return null;
  const { title, detail, code, canRetry } = failureOf(first.error);
  const old = failed.find(({ data }) => data !== undefined);
  const retry = () => failed.forEach((question) => question.refetch());
  return (
    <div className="pad">
      <Note
        tone="danger"
        isLive
        title={`${what}: ${title}.`}
        actions={
          <>
            {canRetry && (
              <Button
                label="Try again"
                icon="refresh"
                small
                onPress={retry}
                disabledBecause={first.isFetching ? 'Asking now' : undefined}
              />
            )}
            {code === 'sign-in-needed' && (
              <a className="btn small" href="/sign-in">
                Sign in
              </a>
            )}
            <Link className="btn small" href={paths.sources(carried(search))}>
              Check the sources
            </Link>
          </>
        }
      >
        {detail}
        {old &&
          ` What you see was read at ${formatClock(old.dataUpdatedAt, zone)}, ${formatAge(Math.max(0, nowMs - old.dataUpdatedAt))} ago.`}
      </Note>
    </div>
  );
}

/** How a part of the page looks while its answer is old: greyed. */
export function ageClass(question: { readonly error: unknown; readonly isPlaceholderData?: boolean }): string {
  return question.error !== null || question.isPlaceholderData === true ? 'old' : '';
}
