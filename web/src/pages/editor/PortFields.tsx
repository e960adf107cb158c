import type { PolicyKind } from '@bartizan/api';
import type { PolicyRule } from '@bartizan/policy';
import type { ReactNode } from 'react';
import { printPort, readPort } from '../../editor/port-text.ts';
import { printIcmp, readIcmp } from '../../editor/request-text.ts';
import { changePortMode, portMode } from '../../editor/rule-edit.ts';
import { ChipInput } from './ChipInput.tsx';
import { RequestFields } from './RequestFields.tsx';
import { Slot } from './Slot.tsx';

interface Props {
  readonly rule: PolicyRule;
  readonly kind: PolicyKind;
  readonly label: string;
  readonly onChange: (rule: PolicyRule) => void;
}

/** On which ports: the end of the sentence. */
export function PortFields({ rule, kind, label, onChange }: Props): ReactNode {
  const mode = portMode(rule);
  const ports = rule.ports.filter(({ port }) => port !== '');
  const icmp = rule.icmp ?? [];
  const isCilium = kind !== 'NetworkPolicy';
  return (
    <>
      <span className="w">on</span>
      <Slot
        label={`Ports of ${label}: which`}
        value={mode}
        options={[
          { value: 'any' as const, label: 'any port' },
          { value: 'ports' as const, label: 'ports' },
          ...(isCilium ? [{ value: 'icmp' as const, label: 'ICMP types' }] : []),
        ]}
        onChange={(chosen) => onChange(changePortMode(rule, chosen))}
      />
      {mode === 'ports' && (
        <ChipInput
          label={`Ports of ${label}`}
          chips={ports.map(printPort)}
          example="8080/TCP"
          read={readPort}
          onAdd={(port) => onChange({ ...rule, ports: [...ports, port] })}
          onRemove={(index) => {
            const rest = ports.toSpliced(index, 1);
            onChange({ ...rule, ports: rest.length > 0 ? rest : [{ port: '', protocol: 'TCP' }] });
          }}
        />
      )}
      {mode === 'icmp' && (
        <ChipInput
          label={`ICMP types of ${label}`}
          chips={icmp.map(printIcmp)}
          example="EchoRequest"
          read={readIcmp}
          onAdd={(type) => onChange({ ...rule, icmp: [...icmp, type] })}
          onRemove={(index) => onChange({ ...rule, icmp: icmp.toSpliced(index, 1) })}
        />
      )}
      {mode === 'ports' && isCilium && rule.action === 'allow' && (
        <RequestFields rule={rule} label={label} onChange={onChange} />
      )}
    </>
  );
}
