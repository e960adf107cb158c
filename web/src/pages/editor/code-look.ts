import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/** The editor's colours and sizes, from the tokens: so that both themes hold. */
export function codeLook(): Extension {
  return EditorView.theme({
    '&': { fontSize: '12px', backgroundColor: 'var(--surface-0)', color: 'var(--text-1)' },
    '&.cm-focused': { outline: 'var(--focus-ring)', outlineOffset: '-2px' },
    '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '18px' },
    '.cm-content': { caretColor: 'var(--text-1)', paddingBottom: '40vh' },
    '.cm-yaml-key': { color: 'var(--code-key)', fontWeight: '600' },
    '.cm-yaml-value': { color: 'var(--code-value)' },
    '.cm-yaml-comment': { color: 'var(--code-comment)' },
    '.cm-cursor': { borderLeftColor: 'var(--text-1)' },
    '.cm-gutters': {
      backgroundColor: 'var(--surface-1)',
      color: 'var(--text-3)',
      borderRight: '1px solid var(--border-1)',
    },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--surface-1)' },
    '.cm-activeLineGutter': { color: 'var(--text-1)' },
    '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, ::selection': {
      backgroundColor: 'var(--surface-selected)',
    },
    '.cm-selectionMatch': { backgroundColor: 'var(--mark-bg)' },
    '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--surface-2)', outline: '1px solid var(--border-3)' },
    '.cm-foldPlaceholder': {
      backgroundColor: 'var(--surface-2)',
      color: 'var(--text-2)',
      border: '1px solid var(--border-2)',
    },
    '.cm-tooltip': {
      backgroundColor: 'var(--surface-overlay)',
      color: 'var(--text-1)',
      border: '1px solid var(--border-2)',
      borderRadius: 'var(--radius-2)',
      boxShadow: 'var(--shadow-menu)',
    },
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
      backgroundColor: 'var(--surface-selected)',
      color: 'var(--text-1)',
    },
    '.cm-completionInfo, .cm-field-help': { maxWidth: '360px', padding: '6px 8px', font: 'var(--type-small)' },
    '.cm-completionDetail': { color: 'var(--text-3)', fontStyle: 'normal' },
    '.cm-completionMatchedText': { fontWeight: '700', textDecoration: 'none' },
    '.cm-panels': { backgroundColor: 'var(--surface-1)', color: 'var(--text-1)' },
    '.cm-textfield': { backgroundColor: 'var(--surface-0)', borderColor: 'var(--border-3)', fontSize: '12px' },
    '.cm-button': {
      backgroundImage: 'none',
      backgroundColor: 'var(--surface-0)',
      borderColor: 'var(--border-2)',
      fontSize: '12px',
    },
    '.cm-searchMatch': { backgroundColor: 'var(--mark-bg)', outline: '1px solid var(--mark-line)' },
    '.cm-diagnostic': { font: 'var(--type-small)' },
    '.cm-diagnostic-error': { borderLeftColor: 'var(--danger)' },
    '.cm-diagnostic-warning': { borderLeftColor: 'var(--warning)' },
  });
}
