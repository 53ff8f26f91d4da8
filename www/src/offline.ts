// Whether the site gets its service worker, which isolates pages and makes them work offline: on hosts that only have
// files. `gilscope serve` needs none, and what it serves must not be kept.

import { nativeToken } from './host/companion.ts';
import { trusted } from './trusted.ts';

/** Kept by the tab: it has been loaded anew for the sake of isolation. */
const RELOADED = 'gilscope.reloaded';

/** Once the page is loaded, because it comes first. */
export function workOffline(): void {
  const embedded = parent !== self;
  if (import.meta.env.DEV || embedded || nativeToken() !== undefined || !('serviceWorker' in navigator)) return;
  const begin = () => register().catch((error) => console.warn('gilscope does not work offline here:', error));
  if (document.readyState === 'complete') void begin();
  else addEventListener('load', begin, { once: true });
}

async function register(): Promise<void> {
  const { serviceWorker } = navigator;
  const controlled = serviceWorker.controller !== null;
  const registration = await serviceWorker.register(trusted('sw.js') as string, { updateViaCache: 'none' });
  // Browsers look for a new version some time or other. Without a network there is none.
  if (controlled) await registration.update().catch(() => undefined);
  if (crossOriginIsolated) return sessionStorage.removeItem(RELOADED);
  // Where its headers have not helped they never will.
  if (controlled || sessionStorage.getItem(RELOADED)) return;
  await serviceWorker.ready;
  // Whoever measures already goes on without; the next visit is isolated.
  if (document.body.dataset.state === 'running') return;
  sessionStorage.setItem(RELOADED, 'yes');
  location.reload();
}
