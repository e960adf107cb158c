import type { FlowWhy } from '@bartizan/api';
import type { ReactNode } from 'react';
import { EndName } from './EndName.tsx';
import { endName, endPort, flagWords, ownLabels, portText, serviceName } from './flow-words.ts';

type Flow = FlowWhy['flow'];
type End = Flow['source'];

/** Both ends of a flow with what is known of each. */
export function FlowEnds({ flow }: { readonly flow: Flow }): ReactNode {
  const { source, destination, node, isReply, l7 } = flow;
  const flags = flagWords(flow);
  return (
    <section>
      <div className="ends">
        <EndOf title="From" end={source} service={serviceName(flow.sourceService)} />
        <div className="mid">
          <code>{portText(flow)}</code>
          {flags && <span className="small quiet">{flags}</span>}
          {isReply && <span className="small quiet">a reply</span>}
        </div>
        <EndOf title="To" end={destination} service={serviceName(flow.destinationService)} />
      </div>
      {l7?.http && (
        <p className="small second">
          <code>
            {l7.http.method} {l7.http.url}
          </code>
          {l7.http.code !== null && l7.http.code > 0 && ` answered with ${l7.http.code}`}
        </p>
      )}
      {l7?.dns && (
        <p className="small second">
          Asked the DNS for <code>{l7.dns.query}</code>
          {l7.dns.ips.length > 0 && ` and was told ${l7.dns.ips.join(', ')}`}
        </p>
      )}
      <p className="small quiet">
        Seen {node ? `on node ${node}` : 'on a node that the event does not name'} as {flow.type}
        {flow.subtype && ` ${flow.subtype}`}
      </p>
    </section>
  );
}

function EndOf({
  title,
  end,
  service,
}: {
  readonly title: string;
  readonly end: End;
  readonly service: string | null;
}): ReactNode {
  const labels = ownLabels(end);
  return (
    <div>
      <p className="small quiet">{title}</p>
      <p>
        <b>
          <EndName name={endName(end)} />
        </b>
      </p>
      {end.pod && (
        <p className="small second">
          pod <code>{end.pod}</code>
        </p>
      )}
      {end.ip && (
        <p className="small second">
          <code>{endPort(end)}</code>
        </p>
      )}
      {end.names.length > 0 && <p className="small second">known as {end.names.join(', ')}</p>}
      {end.entity?.startsWith('world') && end.names.length === 0 && (
        <p className="small quiet">outside the cluster; no DNS name was recorded</p>
      )}
      {service && (
        <p
          className="small second"
          title="Policies judge the pod behind the Service and its port, not the Service's own"
        >
          addressed as Service {service}
        </p>
      )}
      {labels.length > 0 && (
        <p className="lbls">
          {labels.map((label) => (
            <span key={label} className="lbl" title={label}>
              {label}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}
