import { useLayoutEffect } from 'react';
import type { ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { usePreference } from './use-preference.ts';

const next = { system: 'light', light: 'dark', dark: 'system' } as const;
const words = { system: 'as the system', light: 'light', dark: 'dark' } as const;

export function ThemeButton(): ReactNode {
  const [theme, setTheme] = usePreference('theme', ['system', 'light', 'dark']);
  useLayoutEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return (
    <Button
      label={`Theme: ${words[theme]}`}
      icon="theme"
      iconOnly
      kind="ghost"
      className="wide"
      onPress={() => setTheme(next[theme])}
    />
  );
}
