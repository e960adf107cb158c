import { foldService, indentService } from '@codemirror/language';
import { EditorState, RangeSetBuilder } from '@codemirror/state';
import type { Extension, Text } from '@codemirror/state';
import { Decoration, ViewPlugin } from '@codemirror/view';
import type { DecorationSet, EditorView, ViewUpdate } from '@codemirror/view';
import { blockEnd, indentAfter } from '../../ui/yaml-layout.ts';
import { colouredLines } from '../../ui/yaml-parts.ts';

/**
 * YAML by its lines: colours for what is in sight, indentation and folding. A grammar would read the whole text again at
 * each key, and understands less of it while it is broken.
 */
export function yamlLanguage(): Extension {
  const textOf = rememberText();
  return [
    ViewPlugin.define((view) => new Colours(view), { decorations: ({ marks }) => marks }),
    EditorState.languageData.of(() => [{ commentTokens: { line: '#' } }]),
    indentService.of((context, at) =>
      context.simulatedBreak === at ? indentAfter(context.lineAt(at, -1).text) : null,
    ),
    foldService.of(({ doc }, from, to) => {
      const end = blockEnd(textOf(doc), from, to);
      return end === null ? null : { from: to, to: end };
    }),
  ];
}

/** Every line in sight is looked at after each key: the text is joined once for all of them. */
function rememberText(): (doc: Text) => string {
  let known: { readonly doc: Text; readonly text: string } | null = null;
  return (doc) => {
    if (known?.doc !== doc) known = { doc, text: doc.toString() };
    return known.text;
  };
}

const markOf = {
  key: Decoration.mark({ class: 'cm-yaml-key' }),
  value: Decoration.mark({ class: 'cm-yaml-value' }),
  comment: Decoration.mark({ class: 'cm-yaml-comment' }),
  plain: null,
} as const;

/** How far above what is in sight a text over several lines is looked for. */
const linesBefore = 100;

class Colours {
  marks: DecorationSet;

  constructor(view: EditorView) {
    this.marks = marksOf(view);
  }

  update({ docChanged, viewportChanged, view }: ViewUpdate): void {
    if (docChanged || viewportChanged) this.marks = marksOf(view);
  }
}

function marksOf({ state: { doc }, viewport }: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const [first, last] = [doc.lineAt(viewport.from).number, doc.lineAt(viewport.to).number];
  const start = Math.max(1, first - linesBefore);
  const lines = Array.from({ length: last - start + 1 }, (_, at) => doc.line(start + at));
  for (const [at, parts] of colouredLines(lines.map(({ text }) => text)).entries()) {
    let from = lines[at]?.from ?? 0;
    for (const { kind, text } of start + at < first ? [] : parts) {
      const mark = markOf[kind];
      if (mark) builder.add(from, from + text.length, mark);
      from += text.length;
    }
  }
  return builder.finish();
}
