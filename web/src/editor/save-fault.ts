import { isSettled } from './document-state.ts';
import type { DocumentState } from './document-state.ts';
import { modelFault } from './rule-model.ts';

interface Asked {
  readonly state: DocumentState;
  /** What the cluster has; null where there is nothing yet. */
  readonly base: string | null;
  /** What stands in a field and is not taken. */
  readonly openInput: string | null;
  readonly broken: string | null;
}

/** Why the text cannot be saved now; null where it can. */
export function saveFault({ state, base, openInput, broken }: Asked): string | null {
  if (broken !== null) return `The text could not be read: ${broken}`;
  if (openInput !== null) return `“${openInput}” is typed and not taken: press Enter there, or clear it`;
  const fault = state.model && modelFault(state.model);
  if (fault) return fault;
  const [refused] = state.refused;
  if (refused) return refused.message;
  if (!isSettled(state)) return 'What was typed is being read';
  const { problems, ref } = state.reading;
  const error = problems.find(({ severity }) => severity === 'error');
  if (ref && ref.name === '') return 'The policy needs a name';
  if (error) return error.line === undefined ? error.message : `Line ${error.line}: ${error.message}`;
  if (!ref) return 'There is no policy in this text';
  if (ref.namespace === '' && ref.kind !== 'CiliumClusterwideNetworkPolicy') return 'The policy needs a namespace';
  return base === state.text ? 'Nothing differs from the cluster' : null;
}
