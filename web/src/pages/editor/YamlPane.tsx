import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { PolicyProblem } from '@bartizan/api';
import { basicSetup } from 'codemirror';
import { useEffect, useEffectEvent, useRef } from 'react';
import type { ReactNode } from 'react';
import { smallestChange } from '../../editor/smallest-change.ts';
import { codeLook } from './code-look.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { fieldHelp } from './field-help.ts';
import { yamlLanguage } from './yaml-language.ts';

interface Props {
  /** Then it catches up once it is shown. */
  readonly isHidden: boolean;
  readonly text: string;
  readonly problems: readonly PolicyProblem[];
  readonly onChange: (text: string) => void;
  /** Where to go: a new object for each wish. */
  readonly jump: { readonly line: number } | null;
}

/** The text itself, with its problems where they are. */
export function YamlPane({ isHidden, text, problems, onChange, jump }: Props): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changed = useEffectEvent(onChange);
  const first = useEffectEvent(() => text);
  /** What the view says, so that its own words do not have to be compared with themselves. */
  const said = useRef(text);
  useEffect(() => {
    if (!place.current) return;
    const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
    const opened = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: first(),
        extensions: [
          EditorView.cspNonce.of(nonce),
          basicSetup,
          yamlLanguage(),
          lintGutter(),
          codeLook(),
          fieldHelp(),
          EditorState.tabSize.of(2),
          EditorView.contentAttributes.of({ 'aria-label': 'Policy as YAML', spellcheck: 'false', tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            said.current = update.state.doc.toString();
            changed(said.current);
          }),
        ],
      }),
    });
    view.current = opened;
    return () => opened.destroy();
  }, []);
  useEffect(() => {
    const open = view.current;
    const change = open && !isHidden ? smallestChange(said.current, text) : null;
    if (change) open?.dispatch({ changes: change });
  }, [text, isHidden]);
  useEffect(() => {
    const open = view.current;
    if (open && !isHidden) open.dispatch(setDiagnostics(open.state, diagnosticsOf(problems, open.state.doc)));
  }, [problems, isHidden]);
  useEffect(() => {
    const open = view.current;
    if (!open || !jump) return;
    const { from } = open.state.doc.line(Math.min(Math.max(1, jump.line), open.state.doc.lines));
    open.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    open.focus();
  }, [jump]);
  return <div className="yaml-pane" ref={place} />;
}
