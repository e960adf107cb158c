import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './look/index.css';
import { ConsoleApiContext, createConsoleApi } from './queries/console-api.tsx';
import { shouldRetry } from './queries/failure.ts';
import { createConsoleRouter } from './router.tsx';

const element = document.querySelector('#root');
if (element) {
  const cache = new QueryClient({
    defaultOptions: { queries: { retry: shouldRetry, refetchOnWindowFocus: false, networkMode: 'always' } },
  });
  createRoot(element).render(
    <StrictMode>
      <QueryClientProvider client={cache}>
        <ConsoleApiContext value={createConsoleApi()}>
          <RouterProvider router={createConsoleRouter()} />
        </ConsoleApiContext>
      </QueryClientProvider>
    </StrictMode>,
  );
}
