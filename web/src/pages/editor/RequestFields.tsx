import type { PolicyRule } from '@bartizan/policy';
import type { ReactNode } from 'react';
import { printHttp, printName, readHttp, readName } from '../../editor/request-text.ts';
import { ChipInput } from './ChipInput.tsx';
import { Slot } from './Slot.tsx';

interface Props {
  readonly rule: PolicyRule;
  readonly label: string;
  readonly onChange: (rule: PolicyRule) => void;
}

type Limit = 'none' | 'http' | 'dns';

/** Which requests pass on those ports. */
export function RequestFields({ rule, label, onChange }: Props): ReactNode {
  const { http, dns, ...rest } = rule;
  const limit: Limit = http ? 'http' : dns ? 'dns' : 'none';
  const choose = (chosen: Limit) =>
    onChange(chosen === 'none' ? rest : chosen === 'http' ? { ...rest, http: [] } : { ...rest, dns: [] });
  return (
    <>
      <span className="w">with</span>
      <Slot
        label={`Requests of ${label}: which`}
        value={limit}
        options={[
          { value: 'none', label: 'any request' },
          { value: 'http', label: 'only HTTP requests' },
          { value: 'dns', label: 'only DNS lookups of' },
        ]}
        onChange={choose}
      />
      {http && (
        <ChipInput
          label={`HTTP requests of ${label}`}
          chips={http.map(printHttp)}
          example="GET /api/.*"
          read={readHttp}
          onAdd={(request) => onChange({ ...rest, http: [...http, request] })}
          onRemove={(index) => onChange({ ...rest, http: http.toSpliced(index, 1) })}
        />
      )}
      {dns && (
        <ChipInput
          label={`DNS lookups of ${label}`}
          chips={dns.map(printName)}
          example="*.example.org"
          read={readName}
          onAdd={(name) => onChange({ ...rest, dns: [...dns, name] })}
          onRemove={(index) => onChange({ ...rest, dns: dns.toSpliced(index, 1) })}
        />
      )}
    </>
  );
}
