import type { Environment } from '@bartizan/api';
import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { Ago } from '../../components/Ago.tsx';
import { FailedNote } from '../../components/FailedNote.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { feedsOf, kindName, signalName, stateSign } from '../../components/source-signs.ts';
import { formatBytes } from '../../format/number.ts';
import { useScene } from '../../frame/scene-context.ts';
import { useEnvironments } from '../../queries/use-environments.ts';
import { Button } from '../../ui/Button.tsx';
import { Code } from '../../ui/Code.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { InlineCode } from '../../ui/InlineCode.tsx';
import { Sign } from '../../ui/Sign.tsx';
import { TableBones } from '../../ui/TableBones.tsx';
import { missedWithout } from './missed.ts';

type Source = Environment['sources'][number];

const columns = ['State', 'Source', 'Read from', 'Address', 'Feeds', 'Newest record'];

/** What is connected, what is missing, and the exact lines to add. */
export function SourcesPage(): ReactNode {
  const list = useEnvironments();
  const cache = useQueryClient();
  const { environment } = useScene();
  const environments = list.data?.items ?? [];
  const ordered = environment ? [environment, ...environments.filter(({ id }) => id !== environment.id)] : environments;
  return (
    <>
      <PageHead
        title="Sources"
        note={
          <span className="small quiet">
            the same as <code>bartizan doctor</code>
          </span>
        }
        actions={
          <Button
            label="Check all"
            icon="refresh"
            disabledBecause={list.isFetching ? 'Asking now' : undefined}
            onPress={() => void cache.invalidateQueries({ queryKey: ['environments'] })}
          />
        }
      />
      <FailedNote what="Sources" questions={[list]} />
      {!list.data && !list.isError && <TableBones columns={columns} rows={4} />}
      {ordered.map((one, at) => (
        <EnvironmentSources key={one.id} environment={one} isFirst={at === 0} />
      ))}
    </>
  );
}

interface Props {
  readonly environment: Environment;
  /** What is wrong is shown open for the first, on request for the others: they often share their sources. */
  readonly isFirst: boolean;
}

function EnvironmentSources({ environment, isFirst }: Props): ReactNode {
  const id = useId();
  const { name, cluster, namespaces, sources } = environment;
  const wrong = sources.filter(({ state }) => state !== 'ok').length;
  const ordered = sources.toSorted((a, b) => Number(a.state === 'ok') - Number(b.state === 'ok'));
  return (
    <section aria-labelledby={id}>
      <div className="tbl-head">
        <h2 id={id}>{name}</h2>
        <span className="small quiet">
          {cluster} · {namespaces.join(', ')}
        </span>
        <span className="push" />
        {wrong === 0 ? (
          <Sign icon="ok" tone="fine" label="All connected" />
        ) : (
          <Sign
            icon="warn"
            tone="warning"
            label={`${wrong} of ${sources.length} need${wrong === 1 ? 's' : ''} attention`}
          />
        )}
      </div>
      <div className="table-wrap">
        <table className="tbl fixed cards srcs">
          <caption className="sr">Sources of {name}</caption>
          <colgroup>
            <col className="c-state" />
            <col className="c-source" />
            <col />
            <col />
            <col className="c-feeds" />
            <col className="c-newest" />
            <col className="c-more" />
          </colgroup>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
              <th scope="col">
                <span className="sr">Details</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {ordered.map((source) => (
              <SourceRows
                key={`${source.signal} ${source.kind} ${source.location}`}
                source={source}
                environment={environment}
                isFirst={isFirst}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface RowProps {
  readonly source: Source;
  readonly environment: Environment;
}

function SourceRows({ source, environment, isFirst }: RowProps & Pick<Props, 'isFirst'>): ReactNode {
  const { signal, kind, state, location, newest, version } = source;
  const [isOpen, setOpen] = useState(isFirst && state !== 'ok');
  const { label, icon, tone } = stateSign(state);
  const name = signalName(signal);
  return (
    <>
      <tr className={isOpen ? 'src open' : 'src'}>
        <td data-label="State">
          <Sign icon={icon} tone={tone} label={label} />
        </td>
        <td className="name">
          <b>{name}</b>
        </td>
        <td data-label="Read from">
          {state === 'missing' ? 'nothing yet' : kindName(kind)}
          {version && <span className="sub"> {version}</span>}
        </td>
        <td data-label="Address">
          {location ? <code title={location}>{location}</code> : <span className="sub">–</span>}
        </td>
        <td data-label="Feeds">{feedsOf(signal)}</td>
        <td data-label="Newest">{newest ? <Ago at={newest} /> : <span className="sub">–</span>}</td>
        <td className="go-cell">
          <Button
            label={`${isOpen ? 'Hide' : 'Show'} details of ${name} from ${kindName(kind)}`}
            icon={isOpen ? 'up' : 'down'}
            iconOnly
            small
            kind="ghost"
            onPress={() => setOpen(!isOpen)}
          />
        </td>
      </tr>
      {isOpen && (
        <tr className="detail">
          <td colSpan={7}>
            <Details source={source} environment={environment} />
          </td>
        </tr>
      )}
    </>
  );
}

function Details({ source, environment }: RowProps): ReactNode {
  const { signal, kind, state, reason, fix, since, stored, kept } = source;
  return (
    <div className="fix">
      <div>
        <h3>{state === 'ok' ? 'How it is' : 'What is wrong'}</h3>
        <p>
          <InlineCode
            text={
              sentence(reason) ??
              (state === 'ok' ? 'It answers, and its records are read.' : 'It gives nothing, and did not say why.')
            }
          />
          {since && (
            <>
              {' '}
              Since <Ago at={since} />.
            </>
          )}
        </p>
        {stored && (
          <>
            <h3>What is stored</h3>
            <p>
              {stored.bytes !== null && `About ${formatBytes(stored.bytes)} on disk. `}
              {stored.deletedBefore === null ? (
                'Nothing was deleted yet. '
              ) : (
                <>
                  What is older than <Ago at={stored.deletedBefore} /> was deleted.{' '}
                </>
              )}
              The limits are {stored.limits.age} and {stored.limits.size} (<code>retention</code>).
            </p>
          </>
        )}
        {kept && (
          <>
            <h3>What is kept</h3>
            <p>
              Every event with all its details{' '}
              {kept.wholeSince ? (
                <>
                  since <Ago at={kept.wholeSince} />
                </>
              ) : (
                'since the beginning'
              )}
              ; before that, counts by the hour
              {kept.countsSince && (
                <>
                  {' '}
                  since <Ago at={kept.countsSince} />
                </>
              )}
              . Limits: {kept.limits.whole} whole, {kept.limits.counts} of counts, {kept.limits.size} on disk (
              <code>retention</code>).
            </p>
          </>
        )}
        {state !== 'ok' && (
          <>
            <h3>What you miss without it</h3>
            <p>{missedWithout(source, environment)}</p>
          </>
        )}
      </div>
      {fix && (
        <div>
          <h3>
            {state === 'ok' ? 'Lines that would add more' : 'Lines to add'} <span className="push" />
            <CopyButton label="Copy" text={() => fix} />
          </h3>
          <Code
            label={`${environment.name}: lines to add for ${signalName(signal)} from ${kindName(kind)}`}
            text={fix}
            language="yaml"
            hasLines
          />
        </div>
      )}
    </div>
  );
}

function sentence(reason: string | undefined): string | undefined {
  return reason === undefined || /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
