import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { FailedNote } from '../../components/FailedNote.tsx';
import { environmentOf } from '../../editor/environment-of.ts';
import { useScene } from '../../frame/scene-context.ts';
import { NotFound } from '../../frame/NotFound.tsx';
import { readPolicyName } from '../../paths.ts';
import type { PolicyName } from '../../paths.ts';
import { usePolicyNow } from '../../queries/use-policy-writes.ts';
import type { OpenPolicy } from '../../queries/use-policies.ts';
import type { Thinker } from '../../editor/thinker.ts';
import { EditorBones } from './EditorBones.tsx';
import { EditorStart } from './EditorStart.tsx';
import type { Origin } from './origin.ts';
import { useFlowDraft } from './use-flow-draft.ts';
import { useThinker } from './use-thinker.ts';

export function EditPolicyPage(): ReactNode {
  const name = readPolicyName(useParams({ strict: false }));
  const thinker = useThinker();
  if (!name) return <NotFound />;
  return <OpenedPolicy key={`${name.namespace}/${name.kind}/${name.name}`} name={name} thinker={thinker} />;
}

function OpenedPolicy({ name, thinker }: { readonly name: PolicyName; readonly thinker: Thinker }): ReactNode {
  const scene = useScene();
  const env = environmentOf(scene, name.namespace);
  const query = usePolicyNow(env, name);
  const draft = useFlowDraft(env, name);
  const origin = useOrigin({ thinker, name, opened: query.data, draft: draft.text });
  if (origin) return <EditorStart origin={origin} thinker={thinker} env={env} />;
  return (
    <>
      <FailedNote what="Policy" questions={[query, draft.query]} />
      {!query.isError && <EditorBones title={name.name} />}
    </>
  );
}

interface Opening {
  readonly thinker: Thinker;
  readonly name: PolicyName;
  readonly opened: OpenPolicy | undefined;
  readonly draft: string | null | undefined;
}

/** What the cluster had when the editor was opened: later changes are told, they do not move the ground. */
function useOrigin({ thinker, name, opened, draft }: Opening): Origin | null {
  const [origin, setOrigin] = useState<Origin | null>(null);
  useEffect(() => {
    if (!opened || origin || draft === undefined) return;
    let isOld = false;
    void thinker.ask('open', opened.policy.manifest).then(async (as) => {
      const start = draft === null ? as : await thinker.ask('read', draft);
      if (isOld) return;
      const base = opened.etag === null ? null : as.text;
      setOrigin({ name, seen: { base, etag: opened.etag, policy: opened.policy }, pristine: as.text, start });
    });
    return () => {
      isOld = true;
    };
  }, [thinker, name, opened, origin, draft]);
  return origin;
}
