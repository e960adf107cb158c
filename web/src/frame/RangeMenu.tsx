import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { formatMoment, zoneName } from '../format/time.ts';
import { useConsoleApi } from '../queries/console-api.tsx';
import { windowOf } from '../queries/scene.ts';
import { Segments } from '../ui/Segments.tsx';
import { lengthWords, printSpec, quickRanges, resolveMoment, resolveSpec } from '../window/window-spec.ts';
import type { WindowSpec } from '../window/window-spec.ts';
import { useScene, useSearchChange } from './scene-context.ts';
import type { MenuProps } from './TopBar.tsx';

export function RangeMenu(props: MenuProps): ReactNode {
  const { spec, zone } = useScene();
  const { moment } = useConsoleApi();
  const change = useSearchChange();
  const set = (next: WindowSpec) => {
    change(printSpec(next));
    props.onOpenChange(false);
  };
  return (
    <Popover {...props} placement="bottom end" className="menu time">
      <Dialog aria-label="Time range" className="time-dialog">
        <div className="abs">
          <h3>From and to</h3>
          <Absolute onApply={set} />
          <p className="zone">
            <Segments
              label="Time zone"
              value={zone}
              onChange={(next) => change({ tz: next === 'local' ? 'local' : undefined })}
              options={[
                { value: 'utc', label: 'UTC' },
                { value: 'local', label: `Local, ${zoneName(moment.read(), 'local')}` },
              ]}
            />
          </p>
        </div>
        <ul className="quick" aria-label="Quick ranges">
          {quickRanges.map((range) => (
            <li key={range}>
              <button
                type="button"
                aria-pressed={spec.kind === 'last' && spec.range === range}
                onClick={() => set({ kind: 'last', range })}
              >
                Last {lengthWords(range)}
              </button>
            </li>
          ))}
        </ul>
      </Dialog>
    </Popover>
  );
}

function Absolute({ onApply }: { readonly onApply: (spec: WindowSpec) => void }): ReactNode {
  const { spec, zone } = useScene();
  const { moment } = useConsoleApi();
  const clock = { nowMs: moment.read(), zone };
  const [from, setFrom] = useState(() => (spec.kind === 'last' ? `now-${spec.range}` : spec.from));
  const [to, setTo] = useState(() => (spec.kind === 'last' ? 'now' : spec.to));
  const typed: WindowSpec = { kind: 'between', from, to };
  const reason = faultOf(typed, clock);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason === null) onApply(asRange(typed));
  };
  return (
    <form onSubmit={submit}>
      <Field name="From" text={from} onChange={setFrom} clock={clock} />
      <Field name="To" text={to} onChange={setTo} clock={clock} />
      <p className="acts">
        <button type="submit" className="btn primary small" disabled={reason !== null}>
          Apply
        </button>
        <span className="small quiet" role="status">
          {reason ?? spanWords(typed, clock)}
        </span>
      </p>
      <p className="small quiet rule-line">
        Understood: <code>now-6h</code>, <code>now/d</code>, <code className="nowrap">2026-11-24 14:00</code>
      </p>
    </form>
  );
}

interface FieldProps {
  readonly name: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly clock: Parameters<typeof resolveMoment>[1];
}

function Field({ name, text, onChange, clock }: FieldProps): ReactNode {
  const ms = resolveMoment(text, clock);
  return (
    <label className="field">
      <span className="name">{name}</span>
      <input
        className={ms === null ? 'input mono bad' : 'input mono'}
        value={text}
        spellCheck={false}
        aria-invalid={ms === null}
        onChange={(event) => onChange(event.target.value)}
      />
      <span className="hint">{ms === null ? 'not a time' : formatMoment(ms, clock.zone)}</span>
    </label>
  );
}

function faultOf(spec: WindowSpec & { kind: 'between' }, clock: FieldProps['clock']): string | null {
  const fromMs = resolveMoment(spec.from, clock);
  const toMs = resolveMoment(spec.to, clock);
  if (fromMs === null || toMs === null) return 'From and to are needed';
  if (fromMs >= toMs) return 'From must be before to';
  return resolveSpec(spec, clock) ? null : 'A window is 366 days at most';
}

/** `now-6h` to `now` is the last 6 hours. */
function asRange(spec: WindowSpec & { kind: 'between' }): WindowSpec {
  const range = /^now-(\d+[smhd])$/.exec(spec.from)?.[1];
  return spec.to === 'now' && range ? { kind: 'last', range } : spec;
}

function spanWords(spec: WindowSpec, clock: FieldProps['clock']): string {
  const { fromMs, toMs } = windowOf({ spec, zone: clock.zone }, clock.nowMs);
  const hours = (toMs - fromMs) / 3_600_000;
  return hours < 48 ? `${Number(hours.toFixed(1))} hours` : `${Number((hours / 24).toFixed(1))} days`;
}
