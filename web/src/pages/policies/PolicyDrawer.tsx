import { ApiError } from '@bartizan/api';
import type { Policy } from '@bartizan/api';
import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { ComponentProps, ReactNode } from 'react';
import { Ago } from '../../components/Ago.tsx';
import { CiliumNote } from '../../components/CiliumNote.tsx';
import { FailedNote } from '../../components/FailedNote.tsx';
import { Link, useOpen } from '../../components/Link.tsx';
import { ownerIcon } from '../../components/policy-signs.tsx';
import { PendingNote } from '../../components/PendingNote.tsx';
import { Words } from '../../components/Words.tsx';
import { environmentOf } from '../../editor/environment-of.ts';
import { formatCount } from '../../format/number.ts';
import { usePageSearch, useScene } from '../../frame/scene-context.ts';
import { carried, paths, readPolicyName } from '../../paths.ts';
import type { PolicyName } from '../../paths.ts';
import '../../look/history.css';
import { usePolicy } from '../../queries/use-policies.ts';
import type { OpenPolicy } from '../../queries/use-policies.ts';
import type { PoliciesSearch } from '../../search.ts';
import { Blank } from '../../ui/Blank.tsx';
import { Code } from '../../ui/Code.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Drawer } from '../../ui/Drawer.tsx';
import { DrawerBones } from '../../ui/DrawerBones.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { InlineCode } from '../../ui/InlineCode.tsx';
import { Note } from '../../ui/Note.tsx';
import { EnforcementSection } from './EnforcementSection.tsx';
import { PolicyHistory } from './PolicyHistory.tsx';
import { ownerLabel } from './policy-rows.ts';
import { TimedOutcome } from './TimedOutcome.tsx';

export function PolicyDrawer(): ReactNode {
  const params = useParams({ strict: false });
  const name = readPolicyName(params);
  return name && <OpenDrawer key={`${name.namespace}/${name.kind}/${name.name}`} name={name} />;
}

function OpenDrawer({ name }: { readonly name: PolicyName }): ReactNode {
  const search = usePageSearch<PoliciesSearch>();
  const open = useOpen();
  const env = environmentOf(useScene(), name.namespace);
  const query = usePolicy(env, name);
  const isGone = query.error instanceof ApiError && query.error.problem.status === 404;
  const close = () => open(paths.policies(search), { keepsScroll: true });
  const heading = (
    <>
      <span className="quiet">{name.namespace && `${name.namespace}/`}</span>
      {name.name}
    </>
  );
  const actions = (
    <>
      <Link className="btn" href={paths.editPolicy(name, carried(search))}>
        <Icon name="pencil" />
        <span>Edit policy</span>
      </Link>
      <Link
        className="btn icon ghost"
        label="Duplicate"
        title="Duplicate"
        href={paths.newPolicy({ ...carried(search), copy: `${name.namespace || '-'}/${name.kind}/${name.name}` })}
      >
        <Icon name="copy" />
      </Link>
      <CopyButton
        label="Copy link"
        icon="link"
        iconOnly
        small={false}
        kind="ghost"
        text={() => globalThis.location.href}
      />
    </>
  );
  return (
    <Drawer label={`Policy ${name.name}`} heading={heading} actions={isGone ? undefined : actions} onClose={close}>
      {isGone ? (
        <>
          <Gone name={name} />
          <TimedOutcome env={env} name={name} />
        </>
      ) : (
        <FailedNote what="Policy" questions={[query]} />
      )}
      {query.data && !isGone ? (
        <>
          {query.data.policy.pending ? (
            <section>
              <PendingNote env={env} name={name} pending={query.data.policy.pending} />
            </section>
          ) : (
            <TimedOutcome env={env} name={name} />
          )}
          <Facts policy={query.data.policy} />
          <EnforcementSection env={env} name={name} open={query.data} onReload={() => query.refetch()} />
          <Rest policy={query.data.policy} />
        </>
      ) : (
        !query.isError && <DrawerBones />
      )}
      <PolicyHistory env={env} name={name} now={isGone ? null : inCluster(query.data)} />
    </Drawer>
  );
}

function inCluster(open: OpenPolicy | undefined): ComponentProps<typeof PolicyHistory>['now'] {
  return open && open.etag !== null ? { manifest: open.policy.manifest, etag: open.etag } : null;
}

function Gone({ name }: { readonly name: PolicyName }): ReactNode {
  return (
    <Blank title={`${name.name} is not in the cluster.`} icon="trash" tone="notice">
      <p>It was deleted, or was never there. What is known of it stands in its history and can be brought back.</p>
    </Blank>
  );
}

function Facts({ policy }: { readonly policy: Policy }): ReactNode {
  const { kind, state, selects, description, modified, createdAt, owner } = policy;
  return (
    <section>
      <dl className="facts">
        <dt>Kind</dt>
        <dd>{kind}</dd>
        <dt>Owner</dt>
        <dd>
          <Icon name={ownerIcon(policy)} /> {ownerLabel(policy)}
          {owner?.name && `, ${owner.name}`}
        </dd>
        <dt>Selects</dt>
        <dd>{selects.words}</dd>
        <dt>Pods</dt>
        <dd>{selects.pods === null ? 'not known' : `${formatCount(selects.pods)} now`}</dd>
        {kind !== 'NetworkPolicy' && state !== 'predefined' && (
          <>
            <dt>Cilium</dt>
            <dd>
              <CiliumSays cilium={policy.cilium} />
            </dd>
          </>
        )}
        {description && (
          <>
            <dt>Description</dt>
            <dd className="across">{description}</dd>
          </>
        )}
        <dt>Modified</dt>
        <dd>
          {modified ? (
            <>
              <Ago at={modified.at} /> by {modified.by}
            </>
          ) : (
            'not known'
          )}
        </dd>
        <dt>Created</dt>
        <dd>{createdAt ? <Ago at={createdAt} /> : 'never deployed'}</dd>
      </dl>
      <CiliumNote policy={policy} />
    </section>
  );
}

function CiliumSays({ cilium }: Pick<Policy, 'cilium'>): ReactNode {
  if (!cilium)
    return <span title="The policy has no condition Valid in its status">not known: it has not judged it</span>;
  const since = cilium.lastTransition && (
    <>
      {' '}
      <span className="sub">since</span> <Ago at={cilium.lastTransition} />
    </>
  );
  return (
    <>
      {cilium.valid ? 'valid' : 'not valid'}
      {since}
    </>
  );
}

/** The line that the URL points at with a path; undefined while it is looked up, and where there is none. */
function useLineOf(manifest: string): number | undefined {
  const { at } = usePageSearch<PoliciesSearch>();
  const [line, setLine] = useState<number>();
  useEffect(() => {
    let isOld = false;
    if (at !== undefined)
      void import('../../editor/line-of.ts').then(({ lineOf }) => {
        if (!isOld) setLine(lineOf(manifest, at));
      });
    return () => {
      isOld = true;
    };
  }, [manifest, at]);
  return line;
}

function Rest({ policy }: { readonly policy: Policy }): ReactNode {
  const { words, problems, manifest, resourceVersion } = policy;
  return (
    <>
      <section>
        <h3>In words</h3>
        {words ? (
          <Words words={words} />
        ) : (
          <p className="second">
            This manifest says something that is not understood. It is shown as it is below, and never rewritten.
          </p>
        )}
      </section>
      {problems.length > 0 && (
        <section>
          <h3>
            Problems <span className="tag warning">{problems.length}</span>
          </h3>
          {problems.map(({ code, severity, message, refusedBy, line, path }) => (
            <Note
              key={`${code} ${path} ${message}`}
              tone="plain"
              icon={severity === 'error' ? 'danger' : 'warn'}
              title={
                refusedBy
                  ? `Refused by ${refusedBy === 'cilium' ? 'Cilium' : 'the API server'}.`
                  : severity === 'error'
                    ? 'Error.'
                    : 'Warning.'
              }
            >
              <InlineCode text={message} /> <span className="quiet">{line === undefined ? path : `line ${line}`}</span>
            </Note>
          ))}
        </section>
      )}
      <section>
        <h3>
          YAML{' '}
          <span className="sub">{resourceVersion ? `resourceVersion ${resourceVersion}` : 'not in the cluster'}</span>
          <span className="push" />
          <CopyButton label="Copy" text={() => manifest} />
        </h3>
        <Code label="Manifest" text={manifest} language="yaml" hasLines canFold markedLine={useLineOf(manifest)} />
      </section>
    </>
  );
}
