import type { Answer } from '@bartizan/api';
import type { ReactNode } from 'react';
import type { IconName } from '../ui/icon-shapes.tsx';
import { Sign } from '../ui/Sign.tsx';

type Transaction = Answer<'transaction'>;
type TransactionClass = Transaction['class'];

const signs: Readonly<
  Record<
    TransactionClass,
    {
      readonly icon: IconName;
      readonly tone: 'blocked' | 'warning' | 'quiet';
      readonly label: string;
      readonly title: string;
    }
  >
> = {
  blocked: { icon: 'blocked', tone: 'blocked', label: 'Blocked', title: 'The firewall stopped it' },
  detected: { icon: 'detected', tone: 'warning', label: 'Detected', title: 'Judged an attack, but it went through' },
  matched: { icon: 'forwarded', tone: 'quiet', label: 'Matched', title: 'A rule matched, below the threshold' },
  clean: { icon: 'forwarded', tone: 'quiet', label: 'Clean', title: 'No rule matched' },
};

export function ClassSign({ of }: { readonly of: TransactionClass }): ReactNode {
  return <Sign {...signs[of]} />;
}

const verdicts: Readonly<
  Record<
    string,
    { readonly icon: IconName; readonly tone: 'dropped' | 'quiet' | 'danger' | 'notice'; readonly label: string }
  >
> = {
  FORWARDED: { icon: 'forwarded', tone: 'quiet', label: 'Forwarded' },
  DROPPED: { icon: 'dropped', tone: 'dropped', label: 'Dropped' },
  ERROR: { icon: 'danger', tone: 'danger', label: 'Error' },
  AUDIT: { icon: 'info', tone: 'notice', label: 'Audit' },
  REDIRECTED: { icon: 'forwarded', tone: 'quiet', label: 'Redirected' },
  TRACED: { icon: 'forwarded', tone: 'quiet', label: 'Traced' },
  TRANSLATED: { icon: 'forwarded', tone: 'quiet', label: 'Translated' },
};

/** `label` says it in other words than the verdict's own. */
export function VerdictSign({ of, label }: { readonly of: string; readonly label?: string }): ReactNode {
  const sign = verdicts[of] ?? { icon: 'info', tone: 'quiet', label: 'Unknown' };
  return <Sign {...sign} label={label ?? sign.label} />;
}
