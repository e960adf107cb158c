import type { Answer } from '@bartizan/api';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ClassSign } from '../../components/class-signs.tsx';
import { FailedNote } from '../../components/FailedNote.tsx';
import { Link, useOpen } from '../../components/Link.tsx';
import { useNow } from '../../components/use-now.ts';
import { onlyValue } from '../../filter/filter-terms.ts';
import { formatCount } from '../../format/number.ts';
import { formatMoment, formatRelative, readMoment } from '../../format/time.ts';
import { usePageSearch, useScene } from '../../frame/scene-context.ts';
import { carried, paths } from '../../paths.ts';
import { useTransaction } from '../../queries/use-transaction.ts';
import type { FirewallSearch } from '../../search.ts';
import { Code } from '../../ui/Code.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Drawer } from '../../ui/Drawer.tsx';
import { DrawerBones } from '../../ui/DrawerBones.tsx';
import { FromHere } from './FromHere.tsx';
import { RequestText } from './RequestText.tsx';
import { ResponseText } from './ResponseText.tsx';
import { ScoreSum } from './ScoreSum.tsx';

type Transaction = Answer<'transaction'>;

export function TransactionDrawer(): ReactNode {
  const { id = '' } = useParams({ strict: false });
  return <OpenDrawer key={id} id={id} />;
}

function OpenDrawer({ id }: { readonly id: string }): ReactNode {
  const { env } = useScene();
  const search = usePageSearch<FirewallSearch>();
  const open = useOpen();
  const query = useTransaction(env, id);
  const transaction = query.data;
  return (
    <Drawer
      label="Transaction"
      heading={transaction ? <Heading transaction={transaction} /> : 'Transaction'}
      actions={
        <CopyButton
          label="Copy link"
          icon="link"
          iconOnly
          small={false}
          kind="ghost"
          text={() => globalThis.location.href}
        />
      }
      onClose={() => open(paths.firewall(search), { keepsScroll: true })}
    >
      <FailedNote what="Transaction" questions={[query]} />
      {transaction ? (
        <>
          <Facts transaction={transaction} />
          <RequestText transaction={transaction} />
          <ScoreSum transaction={transaction} />
          <ResponseText transaction={transaction} />
          <FromHere transaction={transaction} />
          <Raw
            name="Raw audit record"
            text={transaction.raw.audit}
            absent="No audit record: no rule matched this request."
          />
          <Raw name="Raw access line" text={transaction.raw.access} absent="No line of an access log belongs to it." />
        </>
      ) : (
        !query.isError && <DrawerBones />
      )}
    </Drawer>
  );
}

function Heading({ transaction }: { readonly transaction: Transaction }): ReactNode {
  const { zone } = useScene();
  const nowMs = useNow();
  const { status, time } = transaction;
  const ms = readMoment(time);
  return (
    <>
      <ClassSign of={transaction.class} />
      {status !== null && ` with ${status}`}
      <span className="small quiet nowrap heading-time">
        {ms !== null && `${formatMoment(ms, zone)}, ${formatRelative(ms, nowMs)}`}
      </span>
    </>
  );
}

const engines = { on: 'On: it blocks', 'detection-only': 'Detection only', off: 'Off', unknown: 'not known' } as const;

function Facts({ transaction }: { readonly transaction: Transaction }): ReactNode {
  const search = carried(usePageSearch());
  const { id, client, host, namespace, upstream, engine, durationMs, upstreamStatus, userAgent } = transaction;
  const { answeredBy, upstreamAddress, product } = transaction;
  const only = (field: string, value: string) => paths.firewall({ ...search, filter: onlyValue(field, value) });
  return (
    <section>
      <dl className="facts">
        <dt>Client</dt>
        <dd>
          <Link href={only('client', client)}>
            <code>{client}</code>
          </Link>
        </dd>
        <dt>Engine</dt>
        <dd>
          {product !== null && `${product}: `}
          {engines[engine]}
        </dd>
        <dt>Host</dt>
        <dd>
          {host === '' ? (
            'not in the log'
          ) : (
            <Link href={only('host', host)}>
              <code>{host}</code>
            </Link>
          )}
        </dd>
        <dt>Took</dt>
        <dd>{durationMs === null ? 'not known' : `${formatCount(durationMs)} ms`}</dd>
        <dt>Meant for</dt>
        <dd>{upstream ?? namespace ?? 'not attributed'}</dd>
        <dt>Upstream</dt>
        <dd>{upstreamStatus ?? 'did not answer'}</dd>
        {upstreamAddress !== null && (
          <>
            <dt>Answered by</dt>
            <dd className="across">
              <code>{upstreamAddress}</code>
              {answeredBy && ` ${answeredBy.namespace}/${answeredBy.pod}`}
            </dd>
          </>
        )}
        <dt>Agent</dt>
        <dd className="across">{userAgent ?? 'none'}</dd>
        <dt>Id</dt>
        <dd className="across">
          <code>{id}</code>
        </dd>
      </dl>
    </section>
  );
}

function Raw({
  name,
  text,
  absent,
}: {
  readonly name: string;
  readonly text: string | null;
  readonly absent: string;
}): ReactNode {
  return (
    <section>
      <h3>
        {name} <span className="push" />
        {text !== null && <CopyButton label="Copy" text={() => text} />}
      </h3>
      {text === null ? (
        <p className="small quiet">{absent}</p>
      ) : (
        <Code label={name} text={text.slice(0, 100_000)} wraps />
      )}
    </section>
  );
}
