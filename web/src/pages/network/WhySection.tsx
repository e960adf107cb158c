import type { FlowWhy } from '@bartizan/api';
import type { ReactNode } from 'react';
import { formatMoment, readMoment } from '../../format/time.ts';
import { useScene } from '../../frame/scene-context.ts';
import { Icon } from '../../ui/Icon.tsx';
import { InlineCode } from '../../ui/InlineCode.tsx';
import { Note } from '../../ui/Note.tsx';
import { endName } from './flow-words.ts';
import { agreementWords, reportedWords } from './why-words.ts';
import { WalkTable } from './WalkTable.tsx';

/** The walk through both sides' policies, and what Cilium says beside it. */
export function WhySection({ why }: { readonly why: FlowWhy }): ReactNode {
  const { verdict, reason, reported, sides, nearest, flow } = why;
  // A reply is judged as the connection that it belongs to.
  const [from, to] = flow.isReply ? [flow.destination, flow.source] : [flow.source, flow.destination];
  return (
    <section aria-label="Why">
      <h3>
        Why <span className="sub">both sides must allow a connection; this walks every policy that selects an end</span>
      </h3>
      {verdict === 'not-policy' && (
        <Note
          tone="notice"
          title={`No policy caused this: ${reported.dropReason?.title.toLowerCase() ?? 'another reason'}.`}
        >
          {reason} {reported.dropReason && <InlineCode text={reported.dropReason.look} />}
        </Note>
      )}
      {verdict === 'unknown' && (
        <Note tone="notice" title="It cannot be told.">
          {reason}
        </Note>
      )}
      {sides && (
        <>
          {verdict === 'not-policy' && <p className="small quiet">What the policies say of it, all the same:</p>}
          <WalkTable number={1} side={sides.egress} direction="egress" name={shortName(from)} nearest={nearest} />
          <WalkTable number={2} side={sides.ingress} direction="ingress" name={shortName(to)} nearest={nearest} />
        </>
      )}
      <Beside why={why} />
    </section>
  );
}

function shortName(end: FlowWhy['flow']['source']): string {
  const name = endName(end);
  return end.namespace === null ? name : name.slice(name.indexOf('/') + 1);
}

/** Cilium's own word, whether it agrees, and what makes the answer less sure. */
function Beside({ why }: { readonly why: FlowWhy }): ReactNode {
  const agreement = agreementWords(why);
  return (
    <>
      <p className="beside">
        <Icon
          name={why.agrees === false ? 'warn' : why.agrees ? 'check' : 'info'}
          tone={why.agrees === false ? 'warning' : why.agrees ? 'fine' : 'quiet'}
        />
        <span>
          {reportedWords(why)} {agreement}
        </span>
      </p>
      {why.doubts.map((doubt) => (
        <p key={doubt} className="beside">
          <Icon name="info" tone="notice" />
          <span>{doubt}</span>
        </p>
      ))}
      <Moment why={why} />
    </>
  );
}

function Moment({ why }: { readonly why: FlowWhy }): ReactNode {
  const { zone } = useScene();
  const { sides, policiesAsOf, changedSince, recordedSince } = why;
  const sinceMs = readMoment(recordedSince);
  if (!sides) return null;
  return (
    <p className="beside">
      <Icon name="clock" />
      <span>
        {policiesAsOf === 'then'
          ? 'Judged by the policies as they were at that moment.'
          : 'Judged by the policies as they are now, where no older version is recorded.'}
        {sinceMs !== null && ` Versions are recorded since ${formatMoment(sinceMs, zone)}.`}
        {changedSince.length > 0 && ` Changed since: ${changedSince.join(', ')}.`}
      </span>
    </p>
  );
}
