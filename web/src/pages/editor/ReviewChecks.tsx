import type { PolicyPreview } from '@bartizan/api';
import type { ReactNode } from 'react';
import type { Reading } from '../../editor/thoughts.ts';
import { formatCount, plural } from '../../format/number.ts';
import { failureOf } from '../../queries/failure.ts';
import { Bone } from '../../ui/Bone.tsx';
import { Icon } from '../../ui/Icon.tsx';
import type { Tone } from '../../ui/Icon.tsx';
import type { IconName } from '../../ui/icon-shapes.tsx';
import { InlineCode } from '../../ui/InlineCode.tsx';
import { Effect } from './EffectView.tsx';

interface Props {
  readonly reading: Reading;
  readonly preview: PolicyPreview | undefined;
  readonly failure: Error | null;
  readonly renamedFrom: string | null;
  readonly isAnyway: boolean;
  readonly onAnyway: (isAnyway: boolean) => void;
}

/** What was looked at before saving, one point each. */
export function ReviewChecks({ reading, preview, failure, renamedFrom, isAnyway, onAnyway }: Props): ReactNode {
  const warnings = reading.problems.filter(({ severity }) => severity === 'warning');
  const anyway = (
    <label className="tickline">
      <input type="checkbox" checked={isAnyway} onChange={(event) => onAnyway(event.target.checked)} />
      Save anyway
    </label>
  );
  return (
    <ul className="checks">
      {failure && (
        <Check icon="warn" tone="warning" title="It could not be tried before.">
          {failureOf(failure).title}. {failureOf(failure).detail} Neither a dry run nor the effect is known. {anyway}
        </Check>
      )}
      {!preview && !failure && (
        <li aria-busy="true">
          <Icon name="clock" />
          <div>
            <b>The API server is being asked</b>
            <p>
              <Bone width="70%" />
            </p>
          </div>
        </li>
      )}
      {preview && <DryRun preview={preview} />}
      {warnings.map(({ code, path, message }) => (
        <Check key={`${code} ${path} ${message}`} icon="warn" tone="warning" title="Worth knowing">
          <InlineCode text={message} />
        </Check>
      ))}
      {preview && <EffectCheck preview={preview} />}
      {preview?.owner && (
        <Check
          icon="git"
          tone="warning"
          title={`${preview.owner.name ?? ownerWords[preview.owner.kind]} owns this policy`}
        >
          {preview.owner.warning} {anyway}
        </Check>
      )}
      {renamedFrom && (
        <Check icon="info" tone="notice" title="A rename is a new policy">
          It is created under its new name, and then {renamedFrom} is deleted. For a moment both are there. The history
          stays with the old name.
        </Check>
      )}
      {reading.comments > 0 && (
        <Check icon="info" tone="notice" title={`${plural(reading.comments, 'comment')} will not be in the cluster`}>
          Kubernetes keeps objects, not text. What matters for long belongs in the description or in the note.
        </Check>
      )}
    </ul>
  );
}

const ownerWords = {
  'auto-devops': 'Auto DevOps',
  helm: 'Helm',
  'argo-cd': 'Argo CD',
  flux: 'Flux',
  fleet: 'Fleet',
  kustomize: 'Kustomize',
  controller: 'A controller',
} as const;

function DryRun({ preview }: { readonly preview: PolicyPreview }): ReactNode {
  if (preview.refusal !== null)
    return (
      <Check icon="danger" tone="danger" title="The API server would refuse it">
        {preview.refusal}
      </Check>
    );
  return (
    <Check icon="ok" tone="fine" title="The API server accepts it">
      Tried in a dry run with strict fields.
    </Check>
  );
}

function EffectCheck({ preview: { effect, effectMissing } }: { readonly preview: PolicyPreview }): ReactNode {
  if (!effect)
    return (
      <Check icon="info" tone="notice" title="What it would do is not known">
        {effectMissing}
      </Check>
    );
  if (effect.connections === 0)
    return (
      <Check icon="info" tone="notice" title="No flows are recorded here">
        What it would do to connections is not known.
      </Check>
    );
  const { newlyAllowed, newlyDenied, unknown } = effect;
  return (
    <Check
      icon={newlyDenied.count > 0 ? 'danger' : 'ok'}
      tone={newlyDenied.count > 0 ? 'danger' : 'fine'}
      title={`${formatCount(newlyDenied.count)} newly denied, ${formatCount(newlyAllowed.count)} newly allowed`}
    >
      {plural(effect.connections, 'recorded connection')}
      {unknown.count > 0 && `, ${formatCount(unknown.count)} not known`}.
      <details>
        <summary>Show the pairs</summary>
        <Effect effect={effect} />
      </details>
    </Check>
  );
}

function Check(props: {
  readonly icon: IconName;
  readonly tone: Tone;
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <li>
      <Icon name={props.icon} tone={props.tone} />
      <div>
        <b>{props.title}</b>
        <div className="small second">{props.children}</div>
      </div>
    </li>
  );
}
