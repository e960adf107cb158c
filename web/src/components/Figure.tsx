import type { ReactNode } from 'react';
import type { Change } from '../format/change.ts';
import { Bone } from '../ui/Bone.tsx';
import { Icon } from '../ui/Icon.tsx';
import type { IconName } from '../ui/icon-shapes.tsx';
import { Link } from './Link.tsx';

interface Props {
  readonly label: string;
  readonly icon?: IconName;
  /** Undefined while it is on its way. */
  readonly value: string | undefined;
  readonly small?: ReactNode;
  readonly children?: ReactNode;
  /** Where the records behind it are. */
  readonly href?: string;
}

/** One number, what it counts, and what explains it. */
export function Figure({ label, icon, value, small, children, href }: Props): ReactNode {
  const content = (
    <>
      <p className="label">
        {icon && <Icon name={icon} />}
        <span>{label}</span>
        {href && <Icon name="right" />}
      </p>
      {value === undefined ? (
        <BareBones />
      ) : (
        <>
          <p className="value">
            {value}
            {small && <small>{small}</small>}
          </p>
          {children}
        </>
      )}
    </>
  );
  return href ? (
    <Link href={href} className="figure">
      {content}
    </Link>
  ) : (
    <div className="figure">{content}</div>
  );
}

function BareBones(): ReactNode {
  return (
    <div className="bones">
      <Bone width={112} height={18} />
      <Bone width={140} />
      <span className="sr">Loading</span>
    </div>
  );
}

interface ChangeProps {
  readonly change: Change;
  /** `24 h` */
  readonly period: string;
  /** Whether growth is bad news. */
  readonly growthIsWorse?: boolean;
}

/** How it changed against the period before. */
export function ChangeNote({ change, period, growthIsWorse = false }: ChangeProps): ReactNode {
  if (change.direction === 'unknown') return <p className="note">the {period} before: not known</p>;
  const isWorse = growthIsWorse && change.direction === 'up';
  return (
    <p className="note">
      <span className={isWorse ? 'delta worse' : 'delta'}>{change.text}</span> {change.from} the {period} before
    </p>
  );
}

interface InvestigateProps {
  readonly share: number | null;
  readonly threshold: number;
  /** What to look at: `the anomalous requests`. */
  readonly what: string;
  /** Where they are; without it the whole figure is the link. */
  readonly href?: string;
}

/** A share so high that somebody should look, and where. */
export function InvestigateNote({ share, threshold, what, href }: InvestigateProps): ReactNode {
  if (share === null || share < threshold) return null;
  const words = `Investigate ${what}`;
  return (
    <p className="note investigate">
      <Icon name="warn" tone="warning" />
      {href ? (
        <Link href={href} className="go">
          {words}
        </Link>
      ) : (
        <span>{words}</span>
      )}
    </p>
  );
}
