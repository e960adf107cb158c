import type { PolicyOwner } from '@bartizan/api';
import type { KubernetesObject } from '@bartizan/backends';

type Texts = Readonly<Record<string, string>>;

interface Sign {
  readonly kind: PolicyOwner['kind'];
  /** The owner's name; undefined where the object does not carry its sign. */
  find(labels: Texts, annotations: Texts): string | null | undefined;
  warning(name: string): string;
}

const back = 'will put its own version back at the next synchronisation';

/** In order: what stands further up knows of what stands below it. */
const signs: readonly Sign[] = [
  {
    kind: 'auto-devops',
    find: ({ chart }) => (chart?.startsWith('auto-deploy-app-') ? chart : undefined),
    warning: () =>
      'Auto DevOps deployed this policy. Its auto-deploy-values.yaml does not change with it, so the next deployment brings the old policy back: make the change there too.',
  },
  {
    kind: 'argo-cd',
    find: (labels, annotations) =>
      labels['argocd.argoproj.io/instance'] ?? annotations['argocd.argoproj.io/tracking-id']?.split(':', 1)[0],
    warning: (name) => `Argo CD owns this policy (${name}) and ${back}. Make the change in its repository.`,
  },
  {
    kind: 'flux',
    find: (labels) => labels['kustomize.toolkit.fluxcd.io/name'] ?? labels['helm.toolkit.fluxcd.io/name'],
    warning: (name) => `Flux owns this policy (${name}) and ${back}. Make the change in its repository.`,
  },
  {
    kind: 'fleet',
    find: (labels) => (labels['objectset.rio.cattle.io/hash'] === undefined ? undefined : null),
    warning: () => `Fleet owns this policy and ${back}. Make the change in its repository.`,
  },
  {
    kind: 'helm',
    find: (labels, annotations) => {
      const release = annotations['meta.helm.sh/release-name'];
      if (release !== undefined) return release;
      return labels['app.kubernetes.io/managed-by'] === 'Helm' || labels['heritage'] === 'Helm'
        ? (labels['app.kubernetes.io/instance'] ?? labels['release'] ?? null)
        : undefined;
    },
    warning: (name) =>
      `Helm installed this policy${name === '' ? '' : ` (release ${name})`}; the next upgrade overwrites a change made here. Make it in the chart's values too.`,
  },
  {
    kind: 'kustomize',
    find: (_labels, annotations) => (annotations['config.kubernetes.io/origin'] === undefined ? undefined : null),
    warning: () =>
      'This policy is built with kustomize; the next apply overwrites a change made here. Make it in the overlay too.',
  },
];

/** Who will undo or overwrite a change made here; null where nobody is known to. */
export function ownerOf({ metadata }: KubernetesObject): PolicyOwner | null {
  const labels = metadata.labels ?? {};
  const annotations = metadata.annotations ?? {};
  for (const sign of signs) {
    const name = sign.find(labels, annotations);
    if (name !== undefined) return { kind: sign.kind, name, warning: sign.warning(name ?? '') };
  }
  const controller =
    metadata.ownerReferences?.find((reference) => reference.controller) ?? metadata.ownerReferences?.[0];
  if (!controller) return null;
  const name = `${controller.kind} ${controller.name}`;
  return {
    kind: 'controller',
    name,
    warning: `${name} made this policy and may change it back. Change ${controller.name} instead.`,
  };
}
