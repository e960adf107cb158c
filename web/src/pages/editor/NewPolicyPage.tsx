import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { FailedNote } from '../../components/FailedNote.tsx';
import { copyName } from '../../editor/copy-name.ts';
import { environmentOf } from '../../editor/environment-of.ts';
import { newRule } from '../../editor/rule-edit.ts';
import type { Thinker } from '../../editor/thinker.ts';
import type { Reading } from '../../editor/thoughts.ts';
import { usePageSearch, useScene } from '../../frame/scene-context.ts';
import { readPolicyName } from '../../paths.ts';
import type { PolicyName } from '../../paths.ts';
import { usePolicies, usePolicy } from '../../queries/use-policies.ts';
import type { EditorSearch } from '../../search.ts';
import { EditorBones } from './EditorBones.tsx';
import { EditorStart } from './EditorStart.tsx';
import { useFlowDraft } from './use-flow-draft.ts';
import { useThinker } from './use-thinker.ts';

export function NewPolicyPage(): ReactNode {
  const thinker = useThinker();
  const { copy, flow } = usePageSearch<EditorSearch>();
  const [namespace, kind, name] = copy?.split('/') ?? [];
  const source = readPolicyName({ namespace, kind, name });
  if (source) return <Copied key={copy} source={source} thinker={thinker} />;
  return flow ? <ForFlow key={flow} thinker={thinker} /> : <Blank thinker={thinker} />;
}

/** A first rule is there, and nothing is enforced before somebody says so. */
function Blank({ thinker }: { readonly thinker: Thinker }): ReactNode {
  const { env, environment, environments } = useScene();
  const namespace = environment?.namespaces[0] ?? environments[0]?.namespaces[0] ?? '';
  const [start, setStart] = useState<Reading | null>(null);
  useEffect(() => {
    let isOld = false;
    const rules = {
      kind: 'CiliumNetworkPolicy',
      name: '',
      namespace,
      enabled: false,
      selector: {},
      rules: [newRule('ingress')],
    } as const;
    void thinker.ask('print', rules).then((printed) => {
      if (!isOld && printed.ok) setStart(printed.reading);
    });
    return () => {
      isOld = true;
    };
  }, [thinker, namespace]);
  return start ? <Opened start={start} thinker={thinker} env={env} /> : <EditorBones title="New policy" />;
}

/** What lets a flow through; blank where it needs no new policy (any more). */
function ForFlow({ thinker }: { readonly thinker: Thinker }): ReactNode {
  const { env } = useScene();
  const { query, text } = useFlowDraft(env, null);
  const [start, setStart] = useState<Reading | null>(null);
  useEffect(() => {
    if (!text || start) return;
    let isOld = false;
    void thinker.ask('read', text).then((reading) => {
      if (!isOld) setStart(reading);
    });
    return () => {
      isOld = true;
    };
  }, [thinker, text, start]);
  if (start) return <Opened start={start} thinker={thinker} env={env} />;
  if (text === null && !query.isError) return <Blank thinker={thinker} />;
  return (
    <>
      <FailedNote what="Draft" questions={[query]} />
      {!query.isError && <EditorBones title="New policy" />}
    </>
  );
}

function Copied({ source, thinker }: { readonly source: PolicyName; readonly thinker: Thinker }): ReactNode {
  const scene = useScene();
  const env = environmentOf(scene, source.namespace);
  const query = usePolicy(env, source);
  const policies = usePolicies(scene);
  const [start, setStart] = useState<Reading | null>(null);
  const manifest = query.data?.policy.manifest;
  const taken = policies.data?.items;
  useEffect(() => {
    if (manifest === undefined || !taken || start) return;
    let isOld = false;
    const name = copyName(
      source.name,
      taken.map((one) => one.name),
    );
    void thinker.ask('copy', { manifest, name }).then((copied) => {
      if (!isOld) setStart(copied);
    });
    return () => {
      isOld = true;
    };
  }, [thinker, source, manifest, taken, start]);
  if (start) return <Opened start={start} thinker={thinker} env={env} />;
  return (
    <>
      <FailedNote what="Policy to copy" questions={[query]} />
      {!query.isError && <EditorBones title="New policy" />}
    </>
  );
}

function Opened(props: { readonly start: Reading; readonly thinker: Thinker; readonly env: string }): ReactNode {
  const { start, thinker, env } = props;
  const seen = { base: null, etag: null, policy: null };
  return <EditorStart origin={{ name: null, seen, pristine: start.text, start }} thinker={thinker} env={env} />;
}
