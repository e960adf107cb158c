import { useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Link } from '../components/Link.tsx';
import { needingAttention } from '../components/source-signs.ts';
import { carried, paths } from '../paths.ts';
import { Icon } from '../ui/Icon.tsx';
import { railLinks } from './rail-links.ts';
import { usePageSearch, useScene } from './scene-context.ts';
import { usePreference } from './use-preference.ts';

export function Rail(): ReactNode {
  const { pathname } = useLocation();
  const search = usePageSearch();
  const { environment, environments } = useScene();
  const [isFolded, setFolded] = usePreference('rail', ['open', 'folded']);
  const shown = environment ? [environment] : environments;
  const all = shown.flatMap(({ sources }) => sources).length;
  const wrong = needingAttention(shown).length;
  const isOpen = isFolded === 'open';
  return (
    <nav className={isOpen ? 'rail' : 'rail folded'} aria-label="Main">
      <Link className="brand" href={paths.overview(carried(search))} label="Bartizan, overview">
        <Mark />
        <span>Bartizan</span>
      </Link>
      {railLinks(pathname, search).map(({ name, icon, href, isCurrent, key }) => (
        <Link key={name} href={href} isCurrent={isCurrent} title={`${name} (g ${key})`} label={name}>
          <Icon name={icon} />
          <span>{name}</span>
        </Link>
      ))}
      <span className="push" />
      {wrong > 0 && (
        <Link
          className="health"
          href={paths.sources(carried(search))}
          label={`Sources: ${wrong} of ${all} need${wrong === 1 ? 's' : ''} attention`}
        >
          <Icon name="warn" tone="warning" />
          <span>
            Sources: {wrong} of {all}
            <br />
            need{wrong === 1 ? 's' : ''} attention
          </span>
        </Link>
      )}
      <button
        type="button"
        className="fold"
        aria-expanded={isOpen}
        aria-label={isOpen ? 'Collapse the menu' : 'Open the menu'}
        onClick={() => setFolded(isOpen ? 'folded' : 'open')}
      >
        <Icon name="collapse" />
        <span>Collapse</span>
      </button>
    </nav>
  );
}

function Mark(): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 16 16" aria-hidden="true">
      <path
        fill="currentColor"
        fillRule="evenodd"
        d="M2.5 1h2.6v1.7h1.7V1h2.4v1.7h1.7V1h2.6v7.2L10.8 11.6V15H5.2v-3.4L2.5 8.2zM7.25 5v3.5h1.5V5z"
      />
    </svg>
  );
}
