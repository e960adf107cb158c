import type { WhySide } from '@bartizan/api';
import type { ReactNode } from 'react';
import { Link } from '../../components/Link.tsx';
import { plural } from '../../format/number.ts';
import { usePageSearch } from '../../frame/scene-context.ts';
import { carried, paths, readPolicyName } from '../../paths.ts';
import { Icon } from '../../ui/Icon.tsx';
import { policyOf, sideHeading, wantedWords } from './why-words.ts';
import type { Direction } from './why-words.ts';

type Rule = WhySide['rules'][number];

/** Rules that are shown at once. */
const most = 6;

interface Props {
  readonly number: number;
  readonly side: WhySide;
  readonly direction: Direction;
  /** Of the end whose policies these are. */
  readonly name: string;
  /** The rule that came nearest. */
  readonly nearest: { readonly policy: string; readonly path: string } | undefined;
}

/** One end's policies, rule by rule. */
export function WalkTable({ number, side, direction, name, nearest }: Props): ReactNode {
  const { icon, tone, verdict, because } = sideHeading(side, direction);
  const isNearest = ({ policy, path }: Rule) => nearest?.policy === policy && nearest.path === path;
  const isOut = direction === 'egress';
  const [shown, others] = [side.rules.slice(0, most), side.rules.slice(most)];
  return (
    <>
      <p className="step">
        <Icon name={icon} tone={tone} />
        <b>
          {number}. {isOut ? 'Leaving' : 'Entering'} {name}: {verdict}.
        </b>{' '}
        <span className="second">{because}</span>
      </p>
      {shown.length > 0 && <Rules {...{ direction, name, isNearest }} rules={shown} />}
      {others.length > 0 && (
        <details className="others">
          <summary className="small">{plural(others.length, 'rule says', 'more rules say')} nothing of it</summary>
          <Rules {...{ direction, name, isNearest }} rules={others} />
        </details>
      )}
      {side.more > 0 && <p className="small quiet">And {plural(side.more, 'rule')} more that say nothing of it.</p>}
      {side.proxy && (
        <p className="small second">
          {side.proxy.scope === 'open'
            ? 'It goes through the proxy, which lets everything pass.'
            : `It goes through the proxy, which then lets only this pass: ${side.proxy.allows.join(', ')}.`}
        </p>
      )}
      {side.authentication.length > 0 && (
        <p className="small second">The rule asks for mutual authentication: {side.authentication.join(', ')}.</p>
      )}
    </>
  );
}

interface RulesProps {
  readonly rules: readonly Rule[];
  readonly direction: Direction;
  readonly name: string;
  readonly isNearest: (rule: Rule) => boolean;
}

function Rules({ rules, direction, name, isNearest }: RulesProps): ReactNode {
  const peerLabel = direction === 'egress' ? 'To' : 'From';
  return (
    <table className="walk">
      <caption className="sr">Rules of the policies that select {name}</caption>
      <thead>
        <tr>
          <th scope="col">Policy and rule</th>
          <th scope="col">{peerLabel}</th>
          <th scope="col">Port</th>
          <th scope="col">Says</th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule) => (
          <RuleRow key={`${rule.policy} ${rule.path}`} rule={rule} isNearest={isNearest(rule)} peerLabel={peerLabel} />
        ))}
      </tbody>
    </table>
  );
}

const rowClasses = { allows: 'hit', denies: 'stop', isolates: undefined, nothing: undefined } as const;

interface RowProps {
  readonly rule: Rule;
  readonly isNearest: boolean;
  readonly peerLabel: string;
}

function RuleRow({ rule, isNearest, peerLabel }: RowProps): ReactNode {
  const { says, peerDiffers, portDiffers } = rule;
  return (
    <tr className={isNearest ? 'near-row' : rowClasses[says]}>
      <td>
        <RuleLink rule={rule} hasRule={says !== 'isolates'} />
      </td>
      {says === 'isolates' ? (
        <td colSpan={2} className="quiet">
          what no rule allows is denied
        </td>
      ) : (
        <>
          <td data-label={peerLabel}>
            <Part differs={peerDiffers} />
          </td>
          <td data-label="Port">
            <Part differs={portDiffers} />
          </td>
        </>
      )}
      <td data-label="Says">
        {isNearest ? (
          <span className="near">nearest</span>
        ) : (
          <span className={says === 'nothing' || says === 'isolates' ? 'quiet' : undefined}>{says}</span>
        )}
      </td>
    </tr>
  );
}

function Part({ differs }: { readonly differs: Rule['peerDiffers'] }): ReactNode {
  const holds = differs.length === 0;
  return (
    <span className={holds ? 'holds' : 'differs'} title={differs.map(({ message }) => message).join('\n')}>
      <Icon name={holds ? 'check' : 'x'} />
      <span>{holds ? 'same' : wantedWords(differs)}</span>
    </span>
  );
}

/** A policy with the place of a rule in its YAML. */
export function RuleLink({
  rule,
  hasRule = true,
}: {
  readonly rule: { readonly policy: string; readonly rule: string; readonly path: string };
  readonly hasRule?: boolean;
}): ReactNode {
  const search = carried(usePageSearch());
  const { kind, namespace, name } = policyOf(rule.policy);
  const policy = readPolicyName({ namespace: namespace || '-', kind, name });
  const label = (
    <>
      <b>{name}</b> {hasRule ? <code className="quiet">{rule.rule}</code> : <span className="quiet">no rule</span>}
    </>
  );
  if (!policy) return label;
  return (
    <Link href={paths.policy(policy, { ...search, at: rule.path })} title={`${rule.policy}, ${rule.path}`}>
      {label}
    </Link>
  );
}
