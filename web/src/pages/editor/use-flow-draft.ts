import type { UseQueryResult } from '@tanstack/react-query';
import type { FlowWhy } from '@bartizan/api';
import { usePageSearch } from '../../frame/scene-context.ts';
import type { PolicyName } from '../../paths.ts';
import { useFlowWhy } from '../../queries/use-flow-why.ts';
import type { EditorSearch } from '../../search.ts';

export interface FlowDraft {
  readonly query: UseQueryResult<FlowWhy>;
  /** Null where the URL names no flow, or the flow needs no such change; undefined while that is being asked. */
  readonly text: string | null | undefined;
}

/** The draft that lets the flow of the URL through: of one policy, or (without a name) a new one. */
export function useFlowDraft(env: string, name: PolicyName | null): FlowDraft {
  const { flow } = usePageSearch<EditorSearch>();
  const query = useFlowWhy(env, flow);
  const steps = query.data?.fix?.steps;
  const ref = name && [name.kind, name.namespace, name.name].filter((part) => part !== '').join('/');
  const step = steps?.find(({ isNew, policy }) => (ref === null ? isNew : !isNew && policy === ref));
  const isAsking = flow !== undefined && query.isPending;
  return { query, text: isAsking ? undefined : (step?.manifest ?? null) };
}
