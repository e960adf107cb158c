import type { ReactNode } from 'react';
import { labelsOf, readScope, withLabels, withScope } from '../../editor/peer-scope.ts';
import type { PodPeer, Scope } from '../../editor/peer-scope.ts';
import type { Place } from '../../editor/pod-match.ts';
import { printRequirement, requirementsOf } from '../../editor/selector-text.ts';
import type { Typed } from '../../editor/selector-text.ts';
import { ChipInput } from './ChipInput.tsx';
import { useEditorPods } from './editor-pods.ts';
import { SelectorInput } from './SelectorInput.tsx';
import { Slot } from './Slot.tsx';

interface Props {
  readonly peer: PodPeer;
  readonly place: Place;
  readonly label: string;
  readonly onChange: (peer: PodPeer) => void;
}

/** Pods by their labels, and in which namespaces. */
export function PodFields({ peer, place, label, onChange }: Props): ReactNode {
  const { pods, namespaces } = useEditorPods();
  const { kind } = place;
  const scope = readScope(peer, kind);
  const names = scope.kind === 'named' ? scope.names.filter((name) => name !== '') : [];
  const putScope = (next: Scope) => onChange(withScope(peer, next, kind));
  const isWide = kind === 'CiliumClusterwideNetworkPolicy';
  return (
    <>
      <SelectorInput
        label={`Labels of ${label}`}
        selector={labelsOf(peer, kind)}
        pods={pods ?? []}
        namespace={names[0] ?? place.namespace}
        whenEmpty="every pod"
        onChange={(labels) => onChange(withLabels(peer, labels, kind))}
      />
      <span className="w">in</span>
      <Slot
        label={`Namespaces of ${label}`}
        value={scope.kind}
        options={[
          { value: 'own' as const, label: isWide ? 'any namespace' : 'this namespace' },
          ...(isWide ? [] : [{ value: 'any' as const, label: 'any namespace' }]),
          { value: 'named' as const, label: 'namespace' },
          ...(kind === 'NetworkPolicy' || scope.kind === 'labelled'
            ? [{ value: 'labelled' as const, label: 'namespaces with labels' }]
            : []),
        ]}
        onChange={(chosen) => putScope(scopeOf(chosen))}
      />
      {scope.kind === 'named' && (
        <ChipInput
          label={`Namespace names of ${label}`}
          chips={names}
          example="shop-prod"
          read={readNamespace}
          onAdd={(name) => putScope({ kind: 'named', names: [...names, name] })}
          onRemove={(index) => putScope({ kind: 'named', names: names.toSpliced(index, 1) })}
          suggest={(typed) =>
            namespaces.filter((one) => one.includes(typed.trim()) && !names.includes(one)).map((text) => ({ text }))
          }
        />
      )}
      {scope.kind === 'labelled' && kind === 'NetworkPolicy' && (
        <SelectorInput
          label={`Namespace labels of ${label}`}
          selector={scope.selector}
          pods={[]}
          namespace=""
          whenEmpty="any"
          onChange={(selector) => putScope({ kind: 'labelled', selector })}
        />
      )}
      {scope.kind === 'labelled' && kind !== 'NetworkPolicy' && (
        <code>{requirementsOf(scope.selector).map(printRequirement).join(', ')}</code>
      )}
    </>
  );
}

function scopeOf(kind: Scope['kind']): Scope {
  switch (kind) {
    case 'named':
      return { kind, names: [] };
    case 'labelled':
      return { kind, selector: { matchLabels: { team: 'example' } } };
    default:
      return { kind };
  }
}

function readNamespace(text: string): Typed<string> {
  const name = text.trim();
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return { ok: true, value: name };
  return { ok: false, message: 'A namespace has small letters, digits and dashes' };
}
