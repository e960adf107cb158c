import type { EnvironmentList } from '@bartizan/api';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FailedNote } from '../components/FailedNote.tsx';
import { Link } from '../components/Link.tsx';
import { paths } from '../paths.ts';
import { Blank } from '../ui/Blank.tsx';
import { Code } from '../ui/Code.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { allEnvironments, useScene } from './scene-context.ts';

interface Props {
  readonly list: UseQueryResult<EnvironmentList>;
  /** The page of sources is there also without an environment. */
  readonly isSettings: boolean;
  readonly children: ReactNode;
}

/** Lets the page through when its environment exists; else says what is the matter. */
export function EnvironmentGate({ list, isSettings, children }: Props): ReactNode {
  const { env, environments } = useScene();
  if (list.data?.items.length === 0) return <NoEnvironment empty={list.data.empty} />;
  if (isSettings) return children;
  if (list.data && env !== allEnvironments && !environments.some(({ id }) => id === env))
    return <UnknownEnvironment env={env} />;
  if (!list.data && list.error) return <FailedNote what="Environments" questions={[list]} />;
  if (env === '') return <p className="sr">Loading</p>;
  return children;
}

function NoEnvironment({ empty }: { readonly empty: EnvironmentList['empty'] }): ReactNode {
  const { reason = 'Nothing is configured, and no cluster was found.', fix = '' } = empty ?? {};
  return (
    <>
      <div className="head">
        <h1>No environment</h1>
      </div>
      <Blank title="There is no environment to show." icon="dashed" tone="notice">
        <p>{reason}</p>
        {fix && (
          <div className="fix-lines">
            <h2>
              Lines to add <span className="push" />
              <CopyButton label="Copy" text={() => fix} />
            </h2>
            <Code label="Lines to add" text={fix} language="yaml" />
          </div>
        )}
      </Blank>
    </>
  );
}

function UnknownEnvironment({ env }: { readonly env: string }): ReactNode {
  const { environments } = useScene();
  return (
    <>
      <div className="head">
        <h1>Not found</h1>
      </div>
      <Blank title={`There is no environment “${env}”.`} icon="warn" tone="warning">
        <p>It may have been renamed, or its namespace is gone. There are:</p>
        <ul className="go-list">
          {environments.map(({ id, name, cluster, namespaces }) => (
            <li key={id}>
              <Link href={paths.overview({ env: id })}>
                <b>{name}</b>
                <span className="quiet">
                  {cluster} · {namespaces.join(', ')}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </Blank>
    </>
  );
}
