import type { Answer } from '@bartizan/api';
import type { ReactNode } from 'react';
import { formatCount } from '../../format/number.ts';
import { Blank } from '../../ui/Blank.tsx';
import { Bone } from '../../ui/Bone.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { TuningGroup } from './TuningGroup.tsx';

interface Props {
  readonly tuning: Answer<'wafTuning'> | undefined;
  readonly hasFailed: boolean;
  readonly chosen: readonly string[];
  readonly onChoose: (key: string) => void;
  readonly onClear: () => void;
  readonly isFiltered: boolean;
}

export function TuningGroups(props: Props): ReactNode {
  const { tuning, hasFailed, chosen, onChoose } = props;
  if (!tuning)
    return hasFailed ? null : (
      <section className="pad" aria-busy="true" aria-label="Reading the judged requests">
        <Bone width="60%" />
        <Bone width="40%" />
        <Bone width="70%" />
      </section>
    );
  const { groups, groupCount, examined, complete, withoutRules } = tuning;
  return (
    <section aria-labelledby="tuning-groups">
      <div className="tbl-head">
        <h2 id="tuning-groups">Matches that are alike</h2>
        <span className="small quiet">
          by rule, variable and path, of {formatCount(examined)} judged {examined === 1 ? 'request' : 'requests'}
          {complete ? '' : ', the newest: the window has more'}
        </span>
      </div>
      {groups.length > 0 && (
        <p className="pad-inline small second">
          First comes what lets most requests through that show no sign of an attack. Whether it is ordinary traffic you
          decide: what stands here is what was seen.
        </p>
      )}
      {withoutRules > 0 && (
        <div className="pad">
          <Note
            tone="warning"
            title={`Of ${formatCount(withoutRules)} ${withoutRules === 1 ? 'request' : 'requests'} the log holds the evaluation alone.`}
          >
            This source holds denials only, not the rules that scored. Switch on the audit log with part H
            (SecAuditLogParts ABHZ, SecAuditLogFormat JSON), or nothing narrower than the whole firewall could be left
            out.
          </Note>
        </div>
      )}
      {groups.length === 0 && withoutRules === 0 && <Nothing {...props} tuning={tuning} />}
      <ol className="tuning">
        {groups.map((group) => (
          <TuningGroup
            key={group.key}
            group={group}
            isChosen={chosen.includes(group.key)}
            chosen={chosen}
            onChoose={onChoose}
          />
        ))}
      </ol>
      {groupCount > groups.length && (
        <p className="tbl-foot">
          Showing {formatCount(groups.length)} of {formatCount(groupCount)}. A filter shows others.
        </p>
      )}
    </section>
  );
}

function Nothing({ tuning, isFiltered, onClear }: Props & { readonly tuning: Answer<'wafTuning'> }): ReactNode {
  if (isFiltered)
    return (
      <Blank
        title="No judged request matches."
        icon="search"
        tone="quiet"
        actions={<Button label="Clear the filter" icon="x" small onPress={onClear} />}
      />
    );
  if (!tuning.coverage.complete)
    return (
      <Blank title="No judged request could be read." icon="warn" tone="warning">
        <p>{tuning.coverage.gaps.map(({ source, reason }) => `${source}: ${reason}`).join('; ')}</p>
      </Blank>
    );
  return (
    <Blank title="No request was judged an attack in this window." icon="ok" tone="fine">
      <p>So there is nothing to leave out.</p>
    </Blank>
  );
}
