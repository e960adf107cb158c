import { useBlocker } from '@tanstack/react-router';
import { Activity, useDeferredValue, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Link, useOpen } from '../../components/Link.tsx';
import { useTitle } from '../../components/use-title.ts';
import { isSettled } from '../../editor/document-state.ts';
import { environmentOf } from '../../editor/environment-of.ts';
import type { DraftStore } from '../../editor/draft-store.ts';
import { saveFault } from '../../editor/save-fault.ts';
import type { Thinker } from '../../editor/thinker.ts';
import { usePageSearch, useScene, useSearchChange } from '../../frame/scene-context.ts';
import '../../look/editor.css';
import { carried, paths } from '../../paths.ts';
import { useLivePolicies } from '../../queries/use-live-policies.ts';
import { usePods } from '../../queries/use-pods.ts';
import { usePolicyNow } from '../../queries/use-policy-writes.ts';
import { usePreview } from '../../queries/use-preview.ts';
import type { EditorSearch } from '../../search.ts';
import { BottomBar } from './BottomBar.tsx';
import { ClusterNotes } from './ClusterNotes.tsx';
import { EditorPodsContext } from './editor-pods.ts';
import { EditorDialogs } from './EditorDialogs.tsx';
import type { OpenDialog } from './EditorDialogs.tsx';
import { ModeSwitch } from './ModeSwitch.tsx';
import { OpenInputsContext } from './open-inputs.ts';
import type { Origin, Seen } from './origin.ts';
import { PreviewPane } from './PreviewPane.tsx';
import { RuleMode } from './RuleMode.tsx';
import { useBaseRules } from './use-base-rules.ts';
import { useDocument } from './use-document.ts';
import { useDraft } from './use-draft.ts';
import { useIdle } from './use-idle.ts';
import { useKindChange } from './use-kind-change.ts';
import { useOpenInputs } from './use-open-inputs.ts';
import { useSaving } from './use-saving.ts';
import { YamlMode } from './YamlMode.tsx';

interface Props {
  readonly origin: Origin;
  readonly thinker: Thinker;
  readonly store: DraftStore;
}

/** One policy as text and as rules, what it would do, and the way into the cluster. */
export function Editor({ origin, thinker, store }: Props): ReactNode {
  const scene = useScene();
  const search = usePageSearch<EditorSearch>();
  const change = useSearchChange<EditorSearch>();
  const open = useOpen();
  const { state, dispatch, broken } = useDocument(thinker, origin.start);
  const [seen, setSeen] = useState<Seen>(origin.seen);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const [jump, setJump] = useState<{ readonly line: number } | null>(null);
  const [formatFault, setFormatFault] = useState<string | null>(null);
  const [isUnlocked, setUnlocked] = useState(origin.name === null);
  const isLeaving = useRef(false);
  const { inputs, openInput } = useOpenInputs();
  const { reading, model, text } = state;
  const env = environmentOf(scene, reading.ref?.namespace ?? origin.name?.namespace ?? '');
  const isDirty = text !== (seen.base ?? origin.pristine);
  const kept = useDraft(store, { text, base: seen.base ?? origin.pristine, etag: seen.etag, isDirty });
  const fault = saveFault({ state, base: seen.base, openInput, broken });
  const isSound = reading.problems.every(({ severity }) => severity === 'warning') && reading.ref !== null;
  const preview = usePreview({ ...scene, env }, isSettled(state) && isSound ? text : null);
  const now = usePolicyNow(env, origin.name);
  useLivePolicies(env);
  const pods = usePods(env);
  const kind = useKindChange({ thinker, state, dispatch });
  const mode = search.mode === 'yaml' || model === null ? 'yaml' : 'rules';
  const isIdle = useIdle();
  const shown = useDeferredValue(reading);
  const baseRules = useBaseRules(thinker, seen.base);
  const saving = useSaving({
    env,
    thinker,
    onWritten: (written, name) => {
      isLeaving.current = true;
      store.clear();
      if (written.leftOver) setDialog({ kind: 'left-over', name, reason: written.leftOver });
      else open(paths.policy(name, carried(search)));
    },
  });
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && !isLeaving.current && current.pathname !== next.pathname,
    enableBeforeUnload: () => isDirty && !isLeaving.current,
    withResolver: true,
  });
  const namespaces = useMemo(
    () => [...new Set((pods.data?.items ?? []).map(({ namespace }) => namespace))].toSorted(),
    [pods.data],
  );
  const podsNow = useMemo(
    () => ({ pods: pods.data && pods.data.coverage.complete ? pods.data.items : null, namespaces }),
    [pods.data, namespaces],
  );
  const jumpTo = (line: number) => {
    if (mode !== 'yaml') change({ mode: 'yaml' }, { replace: true });
    setJump({ line });
  };
  const format = () => {
    void thinker.ask('format', text).then((formatted) => {
      setFormatFault(formatted.ok ? null : (formatted.problems[0]?.message ?? 'It is left as it is.'));
      if (formatted.ok) dispatch({ type: 'replaced', reading: formatted.reading });
    });
  };
  const version = seen.policy?.resourceVersion ?? null;
  const title = origin.name?.name ?? 'New policy';
  useTitle(origin.name ? `Edit ${title}` : title);
  return (
    <OpenInputsContext value={inputs}>
      <EditorPodsContext value={podsNow}>
        <div className="head">
          <p className="crumbs">
            <Link href={paths.policies(carried(search))}>Policies</Link>
            <span>/</span>
            {origin.name?.namespace && (
              <>
                <Link href={paths.policies({ ...carried(search), namespace: origin.name.namespace })}>
                  {origin.name.namespace}
                </Link>
                <span>/</span>
              </>
            )}
          </p>
          <h1>{title}</h1>
          <span className="push" />
          <ModeSwitch
            mode={mode}
            rulesOff={model ? null : ruleModeOff(reading.rules)}
            onChange={(next) => change({ mode: next === 'yaml' ? 'yaml' : undefined }, { replace: true })}
          />
        </div>
        <div className="editor">
          <section className="left" aria-label="Policy">
            <div className="notes">
              <ClusterNotes
                env={env}
                name={origin.name}
                seen={seen}
                now={now}
                onCompare={({ policy }) => saving.compare(policy)}
                onGone={() => setSeen({ base: null, etag: null, policy: null })}
              />
            </div>
            {(mode === 'rules' || isIdle) && model && (
              <Activity mode={mode === 'rules' ? 'visible' : 'hidden'}>
                <RuleMode
                  isHidden={mode !== 'rules'}
                  state={state}
                  model={model}
                  base={baseRules}
                  isLocked={!isUnlocked}
                  namespaces={scene.environment?.namespaces ?? scene.environments.flatMap((one) => one.namespaces)}
                  onUnlock={() => setUnlocked(true)}
                  onKind={origin.name === null ? kind.change : null}
                  kindFault={kind.fault}
                  dispatch={dispatch}
                />
              </Activity>
            )}
            {(mode === 'yaml' || isIdle) && (
              <YamlMode
                isHidden={mode !== 'yaml'}
                state={state}
                jump={jump}
                formatFault={formatFault}
                onText={(typed) => dispatch({ type: 'typed', text: typed })}
                onFormat={format}
                onJump={jumpTo}
              />
            )}
          </section>
          <PreviewPane
            tab={search.tab ?? 'words'}
            onTab={(tab) => change({ tab: tab === 'words' ? undefined : tab }, { replace: true })}
            reading={shown}
            base={seen.base}
            version={version}
            preview={preview}
            isBehind={!isSettled(state) || preview.isAsking}
            onJump={jumpTo}
          />
        </div>
        <BottomBar
          fault={fault}
          keptAtMs={kept.keptAtMs}
          isKept={kept.isKept}
          isDirty={isDirty}
          onSave={() => setDialog({ kind: 'review' })}
          onCancel={() =>
            open(origin.name ? paths.policy(origin.name, carried(search)) : paths.policies(carried(search)))
          }
          onDelete={origin.name && seen.etag !== null ? () => setDialog({ kind: 'delete' }) : null}
        />
        <EditorDialogs
          {...{ env, origin, thinker, seen, reading, preview, saving, dialog, blocker, store }}
          isKept={kept.isKept}
          setDialog={setDialog}
          onMerged={(merged, next) => {
            setSeen(next);
            saving.reset();
            setDialog(null);
            void thinker.ask('read', merged).then((read) => dispatch({ type: 'replaced', reading: read }));
          }}
          onDeleted={() => {
            isLeaving.current = true;
            store.clear();
            open(origin.name ? paths.policy(origin.name, carried(search)) : paths.policies(carried(search)));
          }}
        />
      </EditorPodsContext>
    </OpenInputsContext>
  );
}

function ruleModeOff(rules: {
  readonly ok: boolean;
  readonly reasons?: readonly { message: string; line?: number }[];
}): string {
  const first = rules.reasons?.[0];
  if (!first) return 'The text is being read';
  return first.line === undefined ? first.message : `Line ${first.line}: ${first.message}`;
}
