import type { Pending, PendingChange } from '@bartizan/api';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { formatClock, readMoment } from '../format/time.ts';
import { useScene } from '../frame/scene-context.ts';
import type { PolicyName } from '../paths.ts';
import { failureOf } from '../queries/failure.ts';
import { usePendingChange } from '../queries/use-pending-change.ts';
import { useEndPending, useLookAgain } from '../queries/use-policy-writes.ts';
import { Button } from '../ui/Button.tsx';
import { Note } from '../ui/Note.tsx';
import { countdownWords } from './countdown.ts';
import { dropWords, isMoreDropped } from './drop-words.ts';

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
  const change = usePendingChange(env, pending.id);
  const trouble = change.data?.trouble ?? pending.trouble;
  const end = useEndPending(env, name);
  const busy = end.isPending ? 'It is being written' : undefined;
  const act = (how: 'confirm' | 'revert') => end.mutate({ id: pending.id, how });
  return (
    <Note
      tone="warning"
      icon="clock"
      title={titleOf(atMs - nowMs, trouble)}
      actions={
        <>
          <Button label="Keep it" kind="primary" small onPress={() => act('confirm')} disabledBecause={busy} />
          <Button label="Take it back now" small onPress={() => act('revert')} disabledBecause={busy} />
        </>
      }
    >
      {trouble === undefined
        ? `At ${formatClock(atMs, zone)}, unless somebody keeps it.`
        : `It was due at ${formatClock(atMs, zone)}, and is tried again every few seconds: ${trouble}.`}
      <br />
      {change.data && <Drops drops={change.data.drops} />}
      {change.isError && !change.data && `What is dropped meanwhile is not known: ${failureOf(change.error).title}.`}
      {end.isError && ` ${end.error.message}`}
    </Note>
  );
}

function titleOf(leftMs: number, trouble: string | undefined): string {
  if (trouble !== undefined) return 'This change could not be taken back yet.';
  return leftMs > 0 ? `This change goes back in ${countdownWords(leftMs)}.` : 'This change is going back now.';
}

function Drops({ drops }: { readonly drops: PendingChange['drops'] }): ReactNode {
  const words = dropWords(drops);
  return isMoreDropped(drops) ? <b>{words}</b> : words;
}

function useSeconds(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
