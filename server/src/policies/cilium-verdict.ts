import type { CiliumVerdict, PolicyProblem } from '@bartizan/api';
import type { KubernetesObject } from '@bartizan/backends';

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

interface Status {
  readonly conditions?: readonly Condition[];
  /** What each agent wrote until Cilium 1.15. */
  readonly nodes?: Readonly<
    Record<string, { readonly ok?: boolean; readonly error?: string; readonly lastUpdated?: string }>
  >;
}

type Said = Omit<CiliumVerdict, 'disagreement'>;

/** What Cilium says of a policy in its `Valid` condition, beside what we found; null where it says nothing. */
export function ciliumVerdictOf(object: KubernetesObject, problems: readonly PolicyProblem[]): CiliumVerdict | null {
  if (object.kind === 'NetworkPolicy') return null;
  const { status = {} } = object as { status?: Status };
  const said = fromCondition(status) ?? fromNodes(status);
  if (!said) return null;
  const disagreement = disagreementOf(said, problems);
  return disagreement === null ? said : { ...said, disagreement };
}

function fromCondition({ conditions = [] }: Status): Said | null {
  const condition = conditions.find(({ type }) => type === 'Valid');
  if (condition?.status !== 'True' && condition?.status !== 'False') return null;
  return {
    valid: condition.status === 'True',
    ...(condition.message ? { message: condition.message } : {}),
    ...(condition.lastTransitionTime ? { lastTransition: condition.lastTransitionTime } : {}),
  };
}

/** Valid only where every node that spoke took it. */
function fromNodes({ nodes = {} }: Status): Said | null {
  const all = Object.entries(nodes);
  if (all.length === 0) return null;
  const refusing = all.find(([, { ok }]) => ok !== true);
  if (!refusing) return { valid: true };
  const [name, { error }] = refusing;
  return { valid: false, message: `${name}: ${error || 'the agent did not take it'}` };
}

function disagreementOf({ valid }: Said, problems: readonly PolicyProblem[]): string | null {
  const refusal = problems.find(({ severity }) => severity === 'error');
  if (valid && refusal)
    return 'Cilium calls this policy valid, and the check here finds that its agents refuse it. The operator, which says so, leaves out some of what the agents look at; agents of another version than the one checked for may take it. Their log says whether they did.';
  if (!valid && !refusal)
    return 'Cilium refuses this policy, and the check here finds nothing wrong with it. Cilium decides: it has no effect. An option of its agents, or another version than the one checked for, may be the reason.';
  return null;
}

/** A refusal that only Cilium knows of stands among the problems as well. */
export function refusalByCilium(verdict: CiliumVerdict | null, problems: readonly PolicyProblem[]): PolicyProblem[] {
  if (!verdict || verdict.valid || problems.some(({ severity }) => severity === 'error')) return [];
  const message = `Cilium does not apply it: ${verdict.message ?? 'it gives no reason'}`;
  return [{ code: 'cilium-says-invalid', severity: 'error', refusedBy: 'cilium', message, path: '' }];
}
