import type { Pod } from '@bartizan/api';
import type { LabelSelector } from '@bartizan/policy';
import type { ReactNode } from 'react';
import { suggestLabels } from '../../editor/label-suggestions.ts';
import { printRequirement, readRequirement, requirementsOf, selectorOf } from '../../editor/selector-text.ts';
import { formatCount } from '../../format/number.ts';
import { ChipInput } from './ChipInput.tsx';

interface Props {
  readonly label: string;
  readonly selector: LabelSelector;
  readonly onChange: (selector: LabelSelector) => void;
  readonly pods: readonly Pod[];
  readonly namespace: string;
  /** What no condition at all selects. */
  readonly whenEmpty: string;
}

/** The labels that pods must carry. */
export function SelectorInput({ label, selector, onChange, pods, namespace, whenEmpty }: Props): ReactNode {
  const requirements = requirementsOf(selector);
  const chips = requirements.map(printRequirement);
  return (
    <ChipInput
      label={label}
      chips={chips}
      example="app=web"
      whenEmpty={whenEmpty}
      read={readRequirement}
      onAdd={(added) => onChange(selectorOf([...requirements, added]))}
      onRemove={(index) => onChange(selectorOf(requirements.toSpliced(index, 1)))}
      suggestHead={['Labels of pods that run now', 'pods']}
      suggest={(typed) =>
        suggestLabels(pods, typed, { namespace, taken: chips }).map((one) => ({
          text: one.text,
          note: one.namespaces.join(', '),
          end: formatCount(one.pods),
        }))
      }
    />
  );
}
