import type { KubernetesObject } from '@bartizan/backends';

/** As the editor writes it. */
export const descriptionKey = 'kubernetes.io/description';

/** Cilium's policies have a field for it; a NetworkPolicy has only annotations. */
export function descriptionOf(object: KubernetesObject): string | null {
  const { spec, description } = object as { spec?: unknown; description?: unknown };
  const inSpec = typeof spec === 'object' && spec !== null && 'description' in spec ? spec.description : undefined;
  for (const text of [inSpec, object.metadata.annotations?.[descriptionKey], description])
    if (typeof text === 'string' && text !== '') return text;
  return null;
}
