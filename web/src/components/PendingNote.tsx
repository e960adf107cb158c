import type { Pending } from '@bartizan/api';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { formatShare } from '../format/share.ts';
import { formatClock, readMoment } from '../format/time.ts';
import { useScene } from '../frame/scene-context.ts';
import type { PolicyName } from '../paths.ts';
import { useDropShare } from '../queries/use-drop-share.ts';
import { useEndPending, useLookAgain } from '../queries/use-policy-writes.ts';
import { Button } from '../ui/Button.tsx';
import { Note } from '../ui/Note.tsx';
import { countdownWords } from './countdown.ts';

interface Props {
  readonly env: string;
  readonly name: PolicyName;
  readonly pending: Pending;
}

/** A change that goes back by itself: how long it has, what is dropped meanwhile, and both ways out. */
export function PendingNote({ env, name, pending }: Props): ReactNode {
  const { zone } = useScene();
  const nowMs = useSeconds();
  const atMs = readMoment(pending.revertAt) ?? nowMs;
  useLookAgain(env, name, atMs <= nowMs);
  const drops = useDropShare(env);
  const end = useEndPending(env, name);
  const busy = end.isPending ? 'It is being written' : undefined;
  const act = (how: 'confirm' | 'revert') => end.mutate({ id: pending.id, how });
  return (
    <Note
      tone="warning"
      icon="clock"
      title={
        atMs > nowMs ? `This change goes back in ${countdownWords(atMs - nowMs)}.` : 'This change is going back now.'
      }
      actions={
        <>
          <Button label="Keep it" kind="primary" small onPress={() => act('confirm')} disabledBecause={busy} />
          <Button label="Take it back now" small onPress={() => act('revert')} disabledBecause={busy} />
        </>
      }
    >
      At {formatClock(atMs, zone)}, unless somebody keeps it.{' '}
      {drops.data
        ? `Dropped in this environment, last 5 minutes: ${formatShare(drops.data.droppedShare)} of flow events; the 5 before: ${formatShare(drops.data.previous)}.`
        : drops.isError
          ? 'What is dropped meanwhile is not known.'
          : ''}
      {end.isError && ` ${end.error.message}`}
    </Note>
  );
}

function useSeconds(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
