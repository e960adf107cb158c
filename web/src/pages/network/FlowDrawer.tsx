import type { FlowWhy } from '@bartizan/api';
import { peerName } from '@bartizan/flow';
import { useLocation, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { VerdictSign } from '../../components/class-signs.tsx';
import { FailedNote } from '../../components/FailedNote.tsx';
import { Link, useOpen } from '../../components/Link.tsx';
import { useNow } from '../../components/use-now.ts';
import { onlyValue, withTerm } from '../../filter/filter-terms.ts';
import { formatCount } from '../../format/number.ts';
import { formatMoment, formatRelative, readMoment } from '../../format/time.ts';
import { usePageSearch, useScene } from '../../frame/scene-context.ts';
import '../../look/flow.css';
import { carried, networkViewOf, paths } from '../../paths.ts';
import { useFlowWhy } from '../../queries/use-flow-why.ts';
import { useObserved } from '../../queries/use-observed.ts';
import type { NetworkSearch } from '../../search.ts';
import { Code } from '../../ui/Code.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Drawer } from '../../ui/Drawer.tsx';
import { DrawerBones } from '../../ui/DrawerBones.tsx';
import { FixSection } from './FixSection.tsx';
import { FlowEnds } from './FlowEnds.tsx';
import { WhySection } from './WhySection.tsx';
import { flowTitle } from './why-words.ts';

export function FlowDrawer(): ReactNode {
  const { id = '' } = useParams({ strict: false });
  return <OpenDrawer key={id} id={id} />;
}

function OpenDrawer({ id }: { readonly id: string }): ReactNode {
  const { env } = useScene();
  const search = usePageSearch<NetworkSearch>();
  const open = useOpen();
  const query = useFlowWhy(env, id);
  const why = query.data;
  const { pathname } = useLocation();
  const page = networkViewOf(pathname) === 'flows' ? paths.flows : paths.network;
  return (
    <Drawer
      label="Flow"
      heading={why ? <Heading why={why} /> : 'Flow'}
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
      onClose={() => open(page(search), { keepsScroll: true })}
    >
      <FailedNote what="Flow" questions={[query]} />
      {why ? (
        <>
          <FlowEnds flow={why.flow} />
          <WhySection why={why} />
          <FixSection id={id} why={why} />
          <FromHere flow={why.flow} />
          <Raw flow={why.flow} />
        </>
      ) : (
        !query.isError && <DrawerBones />
      )}
    </Drawer>
  );
}

function Heading({ why }: { readonly why: FlowWhy }): ReactNode {
  const { zone } = useScene();
  const nowMs = useNow();
  const ms = readMoment(why.flow.time);
  return (
    <>
      <VerdictSign of={why.flow.verdict} label={flowTitle(why)} />
      <span className="small quiet nowrap heading-time">
        {ms === null ? 'at an unknown time' : `${formatMoment(ms, zone)}, ${formatRelative(ms, nowMs)}`}
      </span>
    </>
  );
}

/** Where to go on, each with how many there are in the page's window. */
function FromHere({ flow }: { readonly flow: FlowWhy['flow'] }): ReactNode {
  const [from, to] = [peerName(flow.source), peerName(flow.destination)];
  const pair = onlyValue('pair', `${from} -> ${to}`);
  const port = flow.destination.port === null ? [] : [onlyValue('port', String(flow.destination.port))];
  return (
    <section>
      <h3>
        From here <span className="sub">in the window of this page</span>
      </h3>
      <ul className="go-list">
        <Onward words="Drops of this pair" filter={withTerm(pair, 'verdict:DROPPED')} />
        {port.map((term) => (
          <Onward key={term} words="Everything of this pair on this port" filter={withTerm(pair, term)} />
        ))}
        <Onward
          words={`Drops on the way to ${to}`}
          filter={withTerm(onlyValue('destination', to), 'verdict:DROPPED')}
        />
        <Onward words={`Everything from ${from}`} filter={onlyValue('source', from)} />
      </ul>
    </section>
  );
}

function Onward({ words, filter }: { readonly words: string; readonly filter: string }): ReactNode {
  const scene = useScene();
  const search = carried(usePageSearch());
  const { data } = useObserved('flowStatistics', scene, { filter });
  return (
    <li>
      <Link href={paths.flows({ ...search, filter })}>
        <span>{words}</span>
        <b>{data ? formatCount(data.total) : '…'}</b>
      </Link>
    </li>
  );
}

function Raw({ flow }: { readonly flow: FlowWhy['flow'] }): ReactNode {
  const text = JSON.stringify(flow, null, 2);
  return (
    <section>
      <h3>
        The event <span className="sub">as it is kept</span> <span className="push" />
        <CopyButton label="Copy" text={() => text} />
      </h3>
      <details>
        <summary className="small">Show</summary>
        <Code label="Event" text={text} wraps />
      </details>
    </section>
  );
}
