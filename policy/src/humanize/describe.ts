import { disabledLabel, specsOf } from '../edit/disabled-label.ts';
import { isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import { ciliumSpec } from './cilium-spec.ts';
import { kubernetesSpec } from './kubernetes-spec.ts';
import type { Semantics } from './kubernetes-spec.ts';
import { part, say } from './words.ts';
import type { Phrase, PolicyWords, Sentence, SpecWords } from './words.ts';

export interface DescribeOptions {
  /** Whose semantics a NetworkPolicy gets; Cilium's unless said otherwise. */
  readonly as?: Semantics;
  /** Why the cluster refuses the policy, which then has no effect. */
  readonly refusal?: string;
}

/** What a policy does, in plain sentences. What is not understood is said to be so; nothing is guessed. */
export function describePolicy(policy: JsonObject, options: DescribeOptions = {}): PolicyWords {
  const metadata = isObject(policy['metadata']) ? policy['metadata'] : {};
  const kind = textOf(policy['kind']);
  const namespace = kind === 'CiliumClusterwideNetworkPolicy' ? '' : textOf(metadata['namespace']);
  const specs = writtenSpecs(policy, kind).map(({ path, spec }) =>
    describeSpec({ kind, spec, path, namespace, options }),
  );
  const known = specs.filter((spec) => spec !== undefined);
  return {
    kind,
    namespace,
    name: textOf(metadata['name']),
    status: statusOf({ policy, specs: known, isKnown: known.length === specs.length, options }),
    specs: known,
  };
}

/** A NetworkPolicy without a spec is accepted and has an empty one: every pod of the namespace, and no rule. */
function writtenSpecs(policy: JsonObject, kind: string): ReturnType<typeof specsOf> {
  const isAbsent = (policy['spec'] ?? null) === null;
  return kind === 'NetworkPolicy' && isAbsent ? [{ path: 'spec', spec: {} }] : specsOf(policy);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function describeSpec(asked: {
  readonly kind: string;
  readonly spec: JsonObject;
  readonly path: string;
  readonly namespace: string;
  readonly options: DescribeOptions;
}): SpecWords | undefined {
  const { kind, spec, path, namespace, options } = asked;
  switch (kind) {
    case 'NetworkPolicy':
      return kubernetesSpec(spec, { path, namespace, as: options.as ?? 'cilium' });
    case 'CiliumNetworkPolicy':
      return ciliumSpec(spec, { path, scope: { namespace } });
    case 'CiliumClusterwideNetworkPolicy':
      return ciliumSpec(spec, { path, scope: { namespace: undefined } });
    default:
      return undefined;
  }
}

function statusOf(asked: {
  readonly policy: JsonObject;
  readonly specs: readonly SpecWords[];
  readonly isKnown: boolean;
  readonly options: DescribeOptions;
}): readonly Sentence[] {
  const { policy, specs, isKnown, options } = asked;
  const status = (parts: Phrase): Sentence => ({ role: 'status', path: '', parts });
  if (!isKnown)
    return [
      {
        role: 'not-understood',
        path: 'kind',
        parts: say`Policies of kind ${textOf(policy['kind'])} are not understood.`,
      },
    ];
  if (specs.length === 0) return [status(say`It holds no rules at all: it has neither spec nor specs.`)];
  const disabled = specs.filter(({ isEnabled }) => !isEnabled);
  const label = part('selector', disabledLabel.key);
  const reason = options.refusal?.replace(/\.?$/, '.');
  const refused = reason === undefined ? [] : [status(say`Refused by the cluster, so it has no effect: ${reason}`)];
  if (disabled.length === 0) return refused;
  const why = say`the selector asks for the label ${label}, which no pod has`;
  return [
    ...refused,
    disabled.length === specs.length
      ? status(say`Disabled: ${why}, so it applies to nothing. This is what it does when it is enabled:`)
      : status(
          say`Disabled in part (${disabled.map(({ path }) => path).join(', ')}): there ${why}, so that part applies to nothing.`,
        ),
  ];
}
