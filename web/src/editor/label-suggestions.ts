import type { Pod } from '@bartizan/api';

export interface LabelSuggestion {
  readonly text: string;
  readonly namespaces: readonly string[];
  readonly pods: number;
}

const mostShown = 8;

/** Labels that pods carry now and that hold what was typed, those of the own namespace first, then the more frequent. */
export function suggestLabels(
  pods: readonly Pod[],
  typed: string,
  { namespace, taken = [] }: { readonly namespace: string; readonly taken?: readonly string[] },
): readonly LabelSuggestion[] {
  const wanted = typed.trim().toLowerCase();
  const found = new Map<string, { namespaces: Set<string>; pods: number }>();
  for (const pod of pods)
    for (const [key, value] of Object.entries(pod.labels)) {
      const text = `${key}=${value}`;
      if (!text.toLowerCase().includes(wanted) || taken.includes(text)) continue;
      const one = found.get(text) ?? { namespaces: new Set(), pods: 0 };
      one.namespaces.add(pod.namespace);
      one.pods += 1;
      found.set(text, one);
    }
  const rank = (one: LabelSuggestion): number =>
    (one.namespaces.includes(namespace) ? 4 : 0) +
    (one.text.toLowerCase().startsWith(wanted) ? 2 : 0) +
    (isHash(one) ? 0 : 1);
  return [...found]
    .map(([text, one]) => ({ text, namespaces: [...one.namespaces].toSorted(), pods: one.pods }))
    .toSorted((a, b) => rank(b) - rank(a) || b.pods - a.pods || (a.text < b.text ? -1 : 1))
    .slice(0, mostShown);
}

/** Labels that a controller makes up anew for each generation choose nothing that lasts. */
function isHash({ text }: LabelSuggestion): boolean {
  return /(?:pod-template-hash|controller-revision-hash|pod-template-generation|controller-uid|pod-name|pod-index|job-name)=/.test(
    text,
  );
}
