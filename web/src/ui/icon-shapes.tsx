import type { ReactNode } from 'react';

/** 16 by 16, drawn with a line of 1.5 in the colour of the text. */
export const iconShapes = {
  blocked: <path d="M1.5 8h7.75M6.25 5l3 3-3 3M12.75 2v12" />,
  check: <path d="m3 8.5 3.25 3.25L13 4.75" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.5V8l2.5 1.75" />
    </>
  ),
  collapse: <path d="M2.25 2.75h11.5v10.5H2.25zM6.25 2.75v10.5M11 6 9 8l2 2" />,
  copy: <path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />,
  danger: <path d="M5.4 1.75h5.2l3.65 3.65v5.2l-3.65 3.65H5.4L1.75 10.6V5.4zM8 4.75v4M8 10.75v.4" />,
  dashed: <circle cx="8" cy="8" r="6" strokeDasharray="2.35 2.36" />,
  plus: <path d="M8 3v10M3 8h10" />,
  trash: <path d="M2.75 4.25h10.5M6 4V2.5h4V4M4 4.5l.6 9h6.8l.6-9M6.75 7v4M9.25 7v4" />,
  detected: <path d="M1.5 8h12.75M11.25 5l3 3-3 3M7.5 1.75V5M7.5 11v3.25" />,
  down: <path d="M4.5 6.5 8 10l3.5-3.5" />,
  download: <path d="M8 2.25v8M4.75 7.25 8 10.5l3.25-3.25M2.5 13.5h11" />,
  dropped: <path d="M1.5 8H7M9.25 5.25l5 5.5M14.25 5.25l-5 5.5" />,
  firewall: (
    <path d="M1.75 3h12.5v10H1.75zM1.75 6.33h12.5M1.75 9.66h12.5M6 3v3.33M10.5 3v3.33M4 6.33v3.33M8.25 6.33v3.33M12.25 6.33v3.33M6 9.66V13M10.5 9.66V13" />
  ),
  forwarded: <path d="M1.5 8h12.75M11.25 5l3 3-3 3" />,
  git: (
    <>
      <circle cx="4.5" cy="3.75" r="1.6" />
      <circle cx="4.5" cy="12.25" r="1.6" />
      <circle cx="11.5" cy="5.75" r="1.6" />
      <path d="M4.5 5.35v5.3M11.5 7.35c0 2-2.5 2.6-5.4 3.4" />
    </>
  ),
  in: <path d="M8.75 2.75h4.5v10.5h-4.5M1.5 8h7.75M6.75 5.25 9.5 8l-2.75 2.75" />,
  info: (
    <>
      <circle cx="8" cy="8" r="6.1" />
      <path d="M8 7.25v4M8 4.75v.4" />
    </>
  ),
  left: <path d="M9.75 4.25 6 8l3.75 3.75" />,
  link: (
    <path d="M6.75 9.25a2.75 2.75 0 0 0 4 .1l2-2a2.8 2.8 0 0 0-4-4l-.9.9M9.25 6.75a2.75 2.75 0 0 0-4-.1l-2 2a2.8 2.8 0 0 0 4 4l.9-.9" />
  ),
  list: <path d="M5.5 4h8.25M5.5 8h8.25M5.5 12h8.25M2.25 4h.75M2.25 8h.75M2.25 12h.75" />,
  lock: <path d="M3.5 7.25h9v6.5h-9zM5.25 7V5a2.75 2.75 0 0 1 5.5 0v2" />,
  network: (
    <>
      <circle cx="3.5" cy="8" r="1.9" />
      <circle cx="12.4" cy="3.6" r="1.9" />
      <circle cx="12.4" cy="12.4" r="1.9" />
      <path d="m5.2 7.2 5.5-2.8M5.2 8.8l5.5 2.8" />
    </>
  ),
  off: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M5.25 8h5.5" />
    </>
  ),
  ok: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="m5.25 8.25 1.9 1.9 3.6-4.1" />
    </>
  ),
  out: <path d="M7.25 2.75h-4.5v10.5h4.5M6.25 8h8M11.5 5.25 14.25 8l-2.75 2.75" />,
  overview: <path d="M2.5 2.5H7v6H2.5zM9 2.5h4.5V6H9zM9 8.5h4.5v5H9zM2.5 11H7v2.5H2.5z" />,
  pencil: <path d="M10.25 3.25 12.75 5.75 5.5 13H3v-2.5zM8.75 4.75l2.5 2.5" />,
  play: <path d="M4.75 2.75 12.5 8l-7.75 5.25z" />,
  pods: <path d="M8 1.75 13.5 4.9v6.2L8 14.25 2.5 11.1V4.9zM2.75 5 8 8l5.25-3M8 8v6" />,
  policies: <path d="M3.25 1.75h6l3.5 3.5v9h-9.5zM9 2v3.5h3.5M5.75 9.75l1.6 1.6 3-3.35" />,
  refresh: <path d="M13.25 8a5.25 5.25 0 1 1-1.6-3.75M13.5 2v3h-3" />,
  right: <path d="M6.25 4.25 10 8l-3.75 3.75" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.25" />
      <path d="m10.25 10.25 3.5 3.5" />
    </>
  ),
  server: <path d="M2.25 2.5h11.5v4.25H2.25zM2.25 9.25h11.5v4.25H2.25zM4.75 4.6h.5M4.75 11.4h.5" />,
  settings: (
    <>
      <path d="M2 4.5h6.25M11.75 4.5H14M2 11.5h2.25M7.75 11.5H14" />
      <circle cx="10" cy="4.5" r="1.75" />
      <circle cx="6" cy="11.5" r="1.75" />
    </>
  ),
  shield: (
    <>
      <path d="M8 1.5 13.25 3.4v4.35c0 3.1-2.1 5.4-5.25 6.75-3.15-1.35-5.25-3.65-5.25-6.75V3.4z" />
      <path d="m5.4 7.9 1.85 1.85L10.75 6" />
    </>
  ),
  theme: (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M8 2.25v11.5a5.75 5.75 0 0 0 0-11.5z" fill="currentColor" stroke="none" />
    </>
  ),
  up: <path d="M4.5 9.5 8 6l3.5 3.5" />,
  warn: <path d="M8 2 14.5 13.25h-13zM8 6.25V9.5M8 11.1v.4" />,
  x: <path d="m4 4 8 8M12 4l-8 8" />,
  zoomout: (
    <>
      <circle cx="7" cy="7" r="4.25" />
      <path d="m10.25 10.25 3.5 3.5M5 7h4" />
    </>
  ),
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof iconShapes;
