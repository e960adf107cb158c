import type { Policy } from '@bartizan/api';
import type { ReactNode } from 'react';
import { Link } from '../../components/Link.tsx';
import { onlyValue } from '../../filter/filter-terms.ts';
import { formatCount } from '../../format/number.ts';
import { formatShare } from '../../format/share.ts';
import { usePageSearch, useScene } from '../../frame/scene-context.ts';
import { carried, paths } from '../../paths.ts';
import { useObserved } from '../../queries/use-observed.ts';
import { Bone } from '../../ui/Bone.tsx';
import { countByState } from '../policies/policy-rows.ts';

const most = 12;

/** The same figures for each namespace of the environment, each a link to its records. */
export function NamespaceTable({ policies }: { readonly policies: readonly Policy[] | undefined }): ReactNode {
  const { environment } = useScene();
  const namespaces = environment?.namespaces ?? [];
  if (namespaces.length < 2) return null;
  return (
    <section aria-labelledby="by-namespace">
      <div className="tbl-head">
        <h2 id="by-namespace">By namespace</h2>
        <span className="small quiet">
          A flow event between two namespaces counts in both
          {namespaces.length > most && `; the first ${most} of ${namespaces.length}`}
        </span>
      </div>
      <div className="table-wrap">
        <table className="tbl fixed cards ns">
          <thead>
            <tr>
              <th scope="col">Namespace</th>
              {columns.map((name) => (
                <th key={name} scope="col" className="num">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {namespaces.slice(0, most).map((namespace) => (
              <Row key={namespace} namespace={namespace} policies={policies} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const columns = [
  'Requests',
  'Anomalous',
  'Anomalous share',
  'Flow events',
  'Dropped',
  'Dropped share',
  'Policies enforced',
] as const;

function Row({
  namespace,
  policies,
}: {
  readonly namespace: string;
  readonly policies: readonly Policy[] | undefined;
}): ReactNode {
  const scene = useScene();
  const search = carried(usePageSearch());
  const filter = onlyValue('namespace', namespace);
  const waf = useObserved('wafStatistics', scene, { filter });
  const flows = useObserved('flowStatistics', scene, { filter });
  const own = policies?.filter((policy) => policy.namespace === namespace);
  const states = own && countByState(own);
  const firewall = paths.firewall({ ...search, filter });
  const network = paths.network({ ...search, filter });
  const requests = waf.data ?? (waf.isError ? null : undefined);
  const events = flows.data ?? (flows.isError ? null : undefined);
  return (
    <tr>
      <td>
        <b>{namespace}</b>
      </td>
      <Cell name="Requests" href={firewall} text={requests && formatCount(requests.total)} />
      <Cell name="Anomalous" href={firewall} text={requests && formatCount(requests.anomalous)} />
      <Cell name="Anomalous share" href={firewall} text={requests && formatShare(requests.anomalousShare)} />
      <Cell name="Flow events" href={network} text={events && formatCount(events.total)} />
      <Cell name="Dropped" href={network} text={events && formatCount(events.dropped)} />
      <Cell name="Dropped share" href={network} text={events && formatShare(events.droppedShare)} />
      <Cell
        name="Policies enforced"
        href={paths.policies({ ...search, namespace })}
        text={states && `${states.enforced} of ${states.enforced + states.disabled + states['not-applied']}`}
      />
    </tr>
  );
}

interface CellProps {
  readonly name: (typeof columns)[number];
  readonly href: string;
  /** Undefined while it is on its way, null where it could not be read. */
  readonly text: string | null | undefined;
}

function Cell({ name, href, text }: CellProps): ReactNode {
  return (
    <td className="num" data-label={name}>
      {text === undefined ? (
        <Bone width={48} />
      ) : (
        <Link href={href} label={`${name}: ${text ?? 'not known'}`}>
          {text ?? '–'}
        </Link>
      )}
    </td>
  );
}
