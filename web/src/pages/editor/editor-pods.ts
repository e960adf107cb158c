import type { Pod } from '@bartizan/api';
import { createContext, use } from 'react';

/** The pods that run now, for suggestions and counts; null where they are not known. */
export interface EditorPods {
  readonly pods: readonly Pod[] | null;
  readonly namespaces: readonly string[];
}

export const EditorPodsContext = createContext<EditorPods>({ pods: null, namespaces: [] });

export function useEditorPods(): EditorPods {
  return use(EditorPodsContext);
}
