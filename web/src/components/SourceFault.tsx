import type { Signal } from '@bartizan/api';
import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { usePageSearch, useScene } from '../frame/scene-context.ts';
import { carried, paths } from '../paths.ts';
import { Button } from '../ui/Button.tsx';
import { Sign } from '../ui/Sign.tsx';
import { Ago } from './Ago.tsx';
import { Link } from './Link.tsx';
import { kindName, signalFault, signalName, stateSign } from './source-signs.ts';

/** In the place of what a source would show: which one, why, since when, another try, and where the lines to add are. */
export function SourceFault({ signal }: { readonly signal: Signal }): ReactNode {
  const { environment, environments } = useScene();
  const search = usePageSearch();
  const cache = useQueryClient();
  const isAsking = useIsFetching() > 0;
  const fault = signalFault(environment ? [environment] : environments, signal);
  if (!fault) return null;
  const { label, icon, tone } = stateSign(fault.state);
  const isSetUp = fault.kind !== 'none';
  const reason = (fault.reason ?? 'it gives nothing').replace(/\.$/, '');
  return (
    <div className="fault">
      <p>
        <Sign icon={icon} tone={tone} label={`${signalName(signal)}: ${label.toLowerCase()}`} />
      </p>
      <p className="small second">
        {isSetUp ? `${kindName(fault.kind)}: ${reason}.` : `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`}
        {fault.since && (
          <>
            {' '}
            Since <Ago at={fault.since} />.
          </>
        )}
      </p>
      <p className="acts">
        {isSetUp && (
          <Button
            label="Try again"
            icon="refresh"
            small
            disabledBecause={isAsking ? 'Asking now' : undefined}
            onPress={() => void cache.invalidateQueries()}
          />
        )}
        <Link className="go" href={paths.sources(carried(search))}>
          What to add
        </Link>
      </p>
    </div>
  );
}

/** Whether every source of a signal is down or missing. */
export function useHasFault(signal: Signal): boolean {
  const { environment, environments } = useScene();
  return signalFault(environment ? [environment] : environments, signal) !== null;
}
