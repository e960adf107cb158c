import type { FixStep, FlowWhy } from '@bartizan/api';
import type { ReactNode } from 'react';
import { Link } from '../../components/Link.tsx';
import { diffLines, withContext } from '../../diff/diff-lines.ts';
import { plural } from '../../format/number.ts';
import { usePageSearch } from '../../frame/scene-context.ts';
import { carried, paths, readPolicyName } from '../../paths.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Diff } from '../../ui/Diff.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Note } from '../../ui/Note.tsx';
import { policyOf } from './why-words.ts';
import { RuleLink } from './WalkTable.tsx';

/** What came nearest to allowing it, and the smallest change that would. */
export function FixSection({ id, why }: { readonly id: string; readonly why: FlowWhy }): ReactNode {
  const { nearest, fix, noFix, now } = why;
  if (!nearest && !fix && !noFix) return null;
  return (
    <section aria-label="What to change">
      <h3>{fix ? 'Nearest rule, and the smallest change' : 'Nearest rule'}</h3>
      {nearest && (
        <p className="words">
          <RuleLink rule={nearest} /> would have allowed it, but{' '}
          {nearest.differs.map(({ message }) => message).join('; ')}.
        </p>
      )}
      {noFix && <p className="words second">{now === 'allowed' ? noFix : `No change is proposed. ${noFix}`}</p>}
      {fix && isUnasked(why) && (
        <Note tone="notice" title="It came from outside the cluster.">
          Most drops of this kind are right: scans and strays. Open it only for a sender that you know.
        </Note>
      )}
      {fix && fix.steps.length > 1 && <p className="words second">Both ends deny it, so both of these are needed.</p>}
      {fix?.steps.map((step) => (
        <Step key={`${step.policy} ${step.path}`} id={id} step={step} />
      ))}
    </section>
  );
}

function isUnasked({ flow, sides }: FlowWhy): boolean {
  return (flow.source.entity?.startsWith('world') ?? false) && sides?.ingress.verdict === 'denied';
}

function Step({ id, step }: { readonly id: string; readonly step: FixStep }): ReactNode {
  const { policy, isNew, words, opens, manifest, before } = step;
  const search = { ...carried(usePageSearch()), flow: id };
  const { kind, namespace, name } = policyOf(policy);
  const ref = readPolicyName({ namespace: namespace || '-', kind, name });
  const href = isNew || !ref ? paths.newPolicy(search) : paths.editPolicy(ref, search);
  return (
    <div className="fix-step">
      <p className="words">
        {isNew ? (
          <>
            A new policy <b>{name}</b> in {namespace}:
          </>
        ) : (
          <>
            In <b>{name}</b>:
          </>
        )}{' '}
        {words}
      </p>
      <Diff label={`Change of ${name}`} rows={withContext(diffLines(before ?? '', manifest))} />
      <p className="acts">
        <Link className="btn primary" href={href}>
          <Icon name="pencil" />
          <span>Open as draft</span>
        </Link>
        <CopyButton label="Copy manifest" small={false} text={() => manifest} />
        <span className="small quiet">
          {opens === 0
            ? 'Opens no other connection.'
            : opens === 1
              ? 'Opens this one pair of workloads, and no other.'
              : `Opens ${plural(opens, 'pair')} of workloads on this port, this one among them.`}{' '}
          Nothing is written before you save.
        </span>
      </p>
    </div>
  );
}
