import type { PolicyEffect } from '@bartizan/api';
import type { ReactNode } from 'react';
import { Ago } from '../../components/Ago.tsx';
import { useNow } from '../../components/use-now.ts';
import { effectRows, unseenWords } from '../../editor/effect-words.ts';
import { formatCount, plural } from '../../format/number.ts';
import { useScene } from '../../frame/scene-context.ts';
import { failureOf } from '../../queries/failure.ts';
import type { DraftPreview } from '../../queries/use-preview.ts';
import { Bone } from '../../ui/Bone.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Note } from '../../ui/Note.tsx';
import { specWords } from '../../window/window-spec.ts';
import { EndWords } from './EndWords.tsx';

interface Props {
  readonly preview: DraftPreview;
  readonly hasErrors: boolean;
}

/** What the draft would do to connections that were really seen. */
export function EffectView({ preview, hasErrors }: Props): ReactNode {
  if (hasErrors) return <p className="second">The draft has problems, so its effect cannot be told. See Problems.</p>;
  if (preview.error) {
    const { title, detail } = failureOf(preview.error);
    return (
      <Note tone="danger" title={`${title}.`}>
        {detail} What it would do is not known.
      </Note>
    );
  }
  if (!preview.data)
    return (
      <div aria-busy="true">
        <Bone width="80%" /> <Bone width="60%" /> <Bone width="70%" />
        <span className="sr">Looking at recorded connections</span>
      </div>
    );
  const { effect, effectMissing } = preview.data;
  return (
    <div className={preview.isOld ? 'old' : ''}>
      {effect ? <Effect effect={effect} /> : <p className="second">{effectMissing ?? 'Its effect cannot be told.'}</p>}
    </div>
  );
}

export function Effect({ effect }: { readonly effect: PolicyEffect }): ReactNode {
  const { spec, zone } = useScene();
  const nowMs = useNow();
  const window = specWords(spec, { nowMs, zone }).replace(/^Last/, 'the last');
  if (effect.connections === 0)
    return (
      <>
        <Note tone="notice" title="No flows are recorded here.">
          In {window} nothing was recorded in this environment, so what the draft would do is not known. It is not zero.
        </Note>
        <Unseen effect={effect} />
      </>
    );
  return (
    <>
      <p className="small second">
        If saved now, against what the cluster runs: the {plural(effect.connections, 'connection')} recorded in this
        environment in {window}.
      </p>
      <table className="mini">
        <tbody>
          {effectRows(effect).map(({ key, label, icon, tone, count, note }) => (
            <tr key={key}>
              <th scope="row">
                <span className={`st ${count === 0 ? 'quiet' : tone}`}>
                  <Icon name={icon} />
                  {label}
                </span>
              </th>
              <td className="num">{formatCount(count)}</td>
              <td className="sub">{note}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Pairs title="Newly denied" group={effect.newlyDenied} />
      <Pairs title="Newly allowed" group={effect.newlyAllowed} />
      <Pairs title="Not known" group={effect.unknown} />
      <Unseen effect={effect} />
    </>
  );
}

const mostPairs = 20;

function Pairs({ title, group }: { readonly title: string; readonly group: PolicyEffect['newlyDenied'] }): ReactNode {
  if (group.items.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      {group.items.slice(0, mostPairs).map((item) => (
        <div className="pair" key={`${item.from} ${item.to} ${item.port} ${item.protocol} ${item.reason ?? ''}`}>
          <p>
            <EndWords end={item.from} /> <span className="quiet">to</span> <EndWords end={item.to} />{' '}
            <code>{item.port === null ? item.protocol : `${item.port}/${item.protocol}`}</code>
          </p>
          <p className="num">{formatCount(item.count)}</p>
          <p className="small second">
            {item.reason && `${item.reason}. `}First <Ago at={item.firstSeen} />, last <Ago at={item.lastSeen} />.
          </p>
          {item.examples.length > 0 && (
            <details className="small">
              <summary>Examples</summary>
              <ul>
                {item.examples.map((example) => (
                  <li key={example}>{example}</li>
                ))}
              </ul>
            </details>
          )}
        </div>
      ))}
      {group.items.length > mostPairs && (
        <p className="small quiet">and {plural(group.items.length - mostPairs, 'more pair')}</p>
      )}
    </>
  );
}

function Unseen({ effect }: { readonly effect: PolicyEffect }): ReactNode {
  const words = unseenWords(effect);
  if (words.length === 0) return null;
  return (
    <>
      <h3>What this cannot show</h3>
      <ul className="plain small">
        {words.map((one) => (
          <li key={one}>
            <Icon name="warn" tone="warning" />
            <span>{one}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
